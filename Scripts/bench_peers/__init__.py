"""Style networks against their peers; run by Scripts/bench-peers."""

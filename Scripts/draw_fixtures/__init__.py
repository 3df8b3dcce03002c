"""The drawings behind Fixtures/: seeded, and made of nothing but numpy and Pillow."""

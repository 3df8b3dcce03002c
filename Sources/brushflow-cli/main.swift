print("brushflow")

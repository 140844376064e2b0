def greet():
    # --8<-- [start:body]
    return "Hello"
    # --8<-- [end:body]

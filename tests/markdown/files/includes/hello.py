def greet() -> str:
    # --8<-- [start:body]
    return "Hello"
    # --8<-- [end:body]

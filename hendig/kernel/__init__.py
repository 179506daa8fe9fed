"""Ideas that need neither a database nor a framework: actor, refusal, age, authority, money, periods."""

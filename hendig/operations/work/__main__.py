"""The worker as a process. Apart: procrastinate warns of tasks whose module has no name but `__main__`."""

from hendig.operations.processes import wait_for_go
from hendig.operations.work import main

main(wait_for_go)

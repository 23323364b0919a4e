"""A2A: our agents, and the whole coordinator as one, served to clients that speak the open protocol (version 1.0).

A door beside the views. Each A2A task is a workflow: of one step for an agent's skill, of a whole pipeline for the
coordinator. So what the coordinator promises holds here, too: tasks outlive restarts, have owners, and may be worked on
and followed in any number of processes.
"""

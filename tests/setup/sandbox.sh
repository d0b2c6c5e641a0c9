# The sandbox that a policy asks for is really entered.
need bwrap bubblewrap "running a process in the sandbox of a policy"

# The access rules that a policy exports are tested with the real proxy.
need squid squid "the tests of exported proxy rules"

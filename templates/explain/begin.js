await showNetwork(address());
if (carried) addEventListener("hashchange", () => showNetwork(address()));

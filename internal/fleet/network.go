package fleet

import "net/netip"

// Address is the network address in a text that may have a port, without zone and
// without the form that an IPv4 address has on an IPv6 socket; the zero one where the
// text is none.
func Address(text string) netip.Addr {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		port, _ := netip.ParseAddrPort(text)
		addr = port.Addr()
	}
	return addr.Unmap().WithZone("")
}

// NetworkOf is the network that an address belongs to, as far as one household,
// school or office commonly goes. All that is no address counts as one network.
func NetworkOf(text string) netip.Prefix {
	addr := Address(text)
	bits := 24
	if addr.Is6() {
		bits = 56
	}
	p, _ := addr.Prefix(bits)
	return p
}

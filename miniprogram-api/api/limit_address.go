package api

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// ParseProxies reads addresses and networks, comma separated, such as
// "10.0.0.1, 10.1.0.0/16, fd00::/8".
func ParseProxies(text string) (list []netip.Prefix, err error) {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			addr, bad := netip.ParseAddr(part)
			if bad != nil {
				return nil, fmt.Errorf("%q is neither an address nor a network", part)
			}
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

// address names where a request comes from: the peer, or, where that is a
// proxy of ours, what it and those before it say. An IPv6 customer has a whole
// /64 and is named by it.
func (l *Limits) address(c *fiber.Ctx) string {
	addr := peer(c)
	if l.trusts(addr) {
		lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) // a proxy may add a line of its own
		addr = l.forwarded(string(bytes.Join(lines, []byte(","))), addr)
	}
	if addr.Is6() {
		p, _ := addr.Prefix(64)
		return p.String()
	}
	return addr.String()
}

// forwarded reads X-Forwarded-For from its end: the last address that is no
// proxy of ours was seen by one of ours; whatever stands before it the client
// may have made up.
func (l *Limits) forwarded(header string, addr netip.Addr) netip.Addr {
	for header != "" {
		at := strings.LastIndexByte(header, ',')
		said, err := netip.ParseAddr(strings.TrimSpace(header[at+1:]))
		if err != nil {
			return addr
		}
		addr = said.Unmap().WithZone("")
		if !l.trusts(addr) {
			return addr
		}
		header = header[:max(at, 0)]
	}
	return addr
}

func (l *Limits) trusts(addr netip.Addr) bool {
	for _, p := range l.Trusted {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

func peer(c *fiber.Ctx) netip.Addr {
	if tcp, ok := c.Context().RemoteAddr().(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}

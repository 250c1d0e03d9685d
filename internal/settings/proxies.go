package settings

import (
	"net/netip"

	"github.com/goccy/go-yaml/ast"
)

// network is written as one address or as a network: 10.0.0.5, 10.0.0.0/24.
type network netip.Prefix

func (n *network) decodeNode(f *file, path string, node ast.Node) {
	text, _ := textOf(node)
	prefix, err := netip.ParsePrefix(text)
	if address, notAddress := netip.ParseAddr(text); notAddress == nil && address.Zone() == "" {
		prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
	}
	switch {
	case err != nil, prefix.Addr().Is4In6():
		f.refuse(path, "应为地址或网段，如 10.0.0.5 或 10.0.0.0/24。", "want an address or a network like 10.0.0.5 or 10.0.0.0/24")
	case prefix != prefix.Masked():
		f.refuse(path, "网段应写作 %[1]s。", "as a network this is written %[1]s", prefix.Masked())
	case prefix.Bits() == 0:
		f.refuse(path, "这包括所有地址：任何人都能冒充代理。请只写代理的地址。",
			"that is everybody, and anybody could pass for a proxy; name the proxies alone")
	default:
		*n = network(prefix)
	}
}

func prefixes(networks []network) []netip.Prefix {
	var list []netip.Prefix
	for _, n := range networks {
		list = append(list, netip.Prefix(n))
	}
	return list
}

package fleet

import "testing"

func TestNetworkOf(t *testing.T) {
	for from, want := range map[string]string{
		"203.0.113.7":           "203.0.113.0/24",
		"203.0.113.7:443":       "203.0.113.0/24",
		"::ffff:203.0.113.7":    "203.0.113.0/24",
		"[2001:db8:1:2ff::1]:8": "2001:db8:1:200::/56",
		"fe80::1%eth0":          "fe80::/56",
		"":                      "invalid Prefix",
		"@":                     "invalid Prefix",
	} {
		if got := NetworkOf(from).String(); got != want {
			t.Errorf("%q is of %s, want %s", from, got, want)
		}
	}
}

package web_test

import (
	"regexp"
	"strings"
	"testing"
)

// card is what somebody holds in their hand: what is printed on it, and what a
// phone reads from it.
type card struct{ emis, pin, address string }

var (
	printedEMIS = regexp.MustCompile(`EMIS code</dt><dd><bdi dir="ltr" class="sn">([0-9]+)</bdi>`)
	printedPIN  = regexp.MustCompile(`PIN</dt><dd><bdi dir="ltr" class="sn">([0-9]{3}) ([0-9]{3})</bdi>`)
	printedCode = regexp.MustCompile(`<svg class="qr".*?</svg>`)
)

// printedCard is the last card on the page.
func printedCard(t testing.TB, page string) card {
	t.Helper()
	emis, pins, codes := printedEMIS.FindAllStringSubmatch(page, -1), printedPIN.FindAllStringSubmatch(page, -1), printedCode.FindAllString(page, -1)
	if len(emis) == 0 || len(emis) != len(pins) || len(emis) != len(codes) {
		t.Fatalf("%d EMIS codes, %d PINs and %d QR codes are printed", len(emis), len(pins), len(codes))
	}
	last := len(emis) - 1
	return card{emis: emis[last][1], pin: pins[last][1] + pins[last][2], address: readQR(t, codes[last])}
}

func (s *script) useCard(rest string, fail func(string, ...any)) {
	s.t.Helper()
	do, more, _ := strings.Cut(rest, " ")
	switch do {
	case "get":
		path, ours := strings.CutPrefix(s.kept.address, strings.ToUpper(s.url))
		if !ours || !strings.HasPrefix(path, "/C/") {
			fail("the code leads to %s", s.kept.address)
		}
		s.b.get(path)
		s.want(more, fail)
	case "pin":
		s.b.get("/sign-in")
		s.press(`"Sign in" name=`+s.kept.emis+" password="+s.kept.pin, fail)
	case "change":
		pin, _, _ := strings.Cut(more, " ")
		s.press(`"Change the PIN" current=`+s.kept.pin+" again="+pin+" next="+more, fail)
	default:
		fail("is no command")
	}
}

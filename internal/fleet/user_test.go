package fleet

import (
	"strings"
	"testing"
	"time"
)

func TestParseUserName(t *testing.T) {
	for _, c := range []struct{ text, want, code string }{
		{"asma", "asma", ""},
		{" Asma.Khan@moe-pk_1 ", "asma.khan@moe-pk_1", ""},
		{"۳۷۳۳۰۲۵۰", "37330250", ""},
		{"abc", "abc", ""},
		{strings.Repeat("a", 60), strings.Repeat("a", 60), ""},
		{"", "", "user.name"},
		{"ab", "", "user.name"},
		{strings.Repeat("a", 61), "", "user.name"},
		{"asma khan", "", "user.name"},
		{"asma\u200b", "", "user.name"},
		{"اسماء", "", "user.name"},
		{"a/b/c", "", "user.name"},
	} {
		got, err := ParseUserName(c.text)
		if got != c.want || codeOf(err) != c.code {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, got, codeOf(err), c.want, c.code)
		}
		if c.code != "" {
			refused(t, err, c.code, "name")
		}
	}
}

func TestTokenLivesUntilItExpiresOrIsRevoked(t *testing.T) {
	token := Token{Expires: noon.Unix()}
	if !token.Live(noon.Add(-time.Second)) {
		t.Error("dead a second before it expires")
	}
	if token.Live(noon) {
		t.Error("alive when it expires")
	}
	if token.Revoked = noon.Unix() - 60; token.Live(noon.Add(-time.Second)) {
		t.Error("alive after it was revoked")
	}
	if (&Token{}).Live(noon) {
		t.Error("a token without an end is alive")
	}
}

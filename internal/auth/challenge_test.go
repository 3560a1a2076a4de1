package auth

import (
	"net/http"
	"testing"
)

func TestBrowsersAreNotAskedForAPassword(t *testing.T) {
	const (
		bearer = `Bearer realm="takhti"`
		both   = bearer + `, Basic realm="takhti", charset="UTF-8"`
	)
	cases := []struct{ what, name, value, want string }{
		{"Power Query", "User-Agent", "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)", both},
		{"Excel of before", "User-Agent", "Mozilla/4.0 (compatible; ms-office; MSOffice 16)", both},
		{"curl", "User-Agent", "curl/8.5.0", both},
		{"nothing said", "", "", both},
		{"a browser over TLS", "Sec-Fetch-Site", "same-origin", bearer},
		{"a browser that sends something", "Origin", "http://192.0.2.1:8080", bearer},
		{"a browser that was signed in", "Cookie", "takhti_session=x", bearer},
		{"a browser that reads, without TLS", "User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36", bearer},
	}
	for _, c := range cases {
		h := http.Header{}
		h.Set(c.name, c.value)
		if got := Challenge(h.Get); got != c.want {
			t.Errorf("%s is answered %s, want %s", c.what, got, c.want)
		}
	}
}

package auth

import "strings"

// Challenge says in what forms a token is taken, for the header WWW-Authenticate of an
// answer that asks for one to a request with the headers. Excel and Power BI ask for a name and a password where
// Basic is offered. So do browsers, with a dialog of their own over the page that
// fetched something after its session had ended, and they would send the token with
// every request from then on: to them it is not offered. A browser that comes without
// TLS sends neither Sec-Fetch-Site nor, when it only reads, Origin, so that its name
// has to tell it.
func Challenge(header func(name string) string) string {
	for _, name := range []string{"Sec-Fetch-Site", "Origin", "Cookie"} {
		if header(name) != "" {
			return bearerOnly
		}
	}
	if strings.HasPrefix(header("User-Agent"), "Mozilla/5.0") {
		return bearerOnly
	}
	return bearerOnly + `, Basic realm="takhti", charset="UTF-8"`
}

const bearerOnly = `Bearer realm="takhti"`

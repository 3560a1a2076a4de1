package main

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
)

func publicURLFlag(cmd *cobra.Command, o *serving) {
	o.publicURL = oneOf("", parsePublicURL)
	cmd.Flags().Var(o.publicURL, "public-url", "the `URL` at which browsers reach this server, where a web server stands before it (TAKHTI_PUBLIC_URL)")
}

// siteOr is the address that people know the server by: the one that was given, or that
// of the server which the command goes through; empty: neither.
func (c *cli) siteOr(given serving) string {
	return cmp.Or(given.public(), strings.TrimRight(c.server, "/"))
}

// parsePublicURL reads the address that people know the server by: with a scheme
// and a host, and nothing after them.
func parsePublicURL(text string) (string, error) {
	u, err := url.Parse(strings.TrimRight(text, "/"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || *u != (url.URL{Scheme: u.Scheme, Host: u.Host}) {
		return "", fmt.Errorf("%q is not a public URL: use one like https://takhti.example.pk", text)
	}
	return u.String(), nil
}

// public is the address that people know the server by; empty: the one they ask at.
func (o *serving) public() string {
	if o.publicURL == nil {
		return ""
	}
	return o.publicURL.value
}

func (o *serving) behindTLS() bool { return strings.HasPrefix(o.public(), "https:") }

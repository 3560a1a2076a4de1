package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const defaultAddr = "127.0.0.1:8080"

// pingCommand is for supervisors that can run a program but send no request,
// such as a container's health check.
func (c *cli) pingCommand() *cobra.Command {
	var addr string
	cmd := &cobra.Command{
		Use: "ping", Args: arguments(),
		Short: "Ask a server on this machine whether it is alive, with TLS or without",
		RunE: c.action(func(ctx context.Context, _ []string) error {
			if err := ping(ctx, addr); err != nil {
				return err
			}
			c.say("alive")
			return nil
		}),
	}
	cmd.Flags().StringVar(&addr, "addr", defaultAddr, "the address the server listens on (TAKHTI_ADDR)")
	return cmd
}

// pingPatience is how long a server may take to answer, asked in either way: both
// together are less than what a health check commonly waits.
const pingPatience = 2 * time.Second

// ping asks over TLS first, since a server with TLS logs each plain request as a
// failure. A server without it refuses that at once, or waits for more.
func ping(ctx context.Context, addr string) error {
	status, err := liveness(ctx, "https://"+addr)
	if err != nil {
		status, err = liveness(ctx, "http://"+addr)
	}
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the server at %s answers %d %s", addr, status, http.StatusText(status))
	}
	return err
}

func liveness(ctx context.Context, url string) (status int, err error) {
	ctx, stop := context.WithTimeout(ctx, pingPatience)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/livez", nil)
	if err != nil {
		return 0, usageError(fmt.Sprintf("%q is not an address: write it as %s", strings.TrimPrefix(url, "http://"), defaultAddr))
	}
	// The certificate is made out to another name than this address. Nothing is
	// told to the server, so it need not be verified.
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

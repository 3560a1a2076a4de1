package main

import (
	"context"
	"fmt"
	"net/http"
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
		Short: "Ask a server on this machine whether it is alive",
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

func ping(ctx context.Context, addr string) error {
	ctx, stop := context.WithTimeout(ctx, 3*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/livez", nil)
	if err != nil {
		return usageError(fmt.Sprintf("%q is not an address: write it as %s", addr, defaultAddr))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s answers %s", addr, res.Status)
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
)

func (c *cli) serveCommand() *cobra.Command {
	var o serving
	var elsewhere openIDFlags
	cmd := &cobra.Command{
		Use: "serve", Args: arguments(),
		Short: "Serve the register to browsers and programs",
		Long: `Serves the register to browsers and programs until it is interrupted. The first
time it makes the data folder and the account admin, whose password it prints
once. It writes its log to standard error, as JSON.`,
		RunE: c.action(func(ctx context.Context, _ []string) (err error) {
			if o.openID, err = elsewhere.read(o.public()); err != nil {
				return err
			}
			o.log = slog.New(slog.NewJSONHandler(c.stderr, nil))
			o.listening = func(url string) { c.say("takhti is at %s", url) }
			return c.serve(ctx, o)
		}),
	}
	c.dataFlag(cmd)
	servingFlags(cmd, &o)
	publicURLFlag(cmd, &o)
	elsewhere.add(cmd)
	secondFactorFlag(cmd, &o, fleet.Officer.String())
	cmd.Flags().StringVar(&o.certFile, "tls-cert", "", "the file with the certificate, to serve over TLS")
	cmd.Flags().StringVar(&o.keyFile, "tls-key", "", "the file with the certificate's key")
	cmd.MarkFlagsRequiredTogether("tls-cert", "tls-key")
	o.keep = usualPeriods()
	keepFlag(cmd, o.keep)
	cmd.Flags().StringVar(&o.checkpointURL, "checkpoint-url", "", "a `URL` to which each checkpoint of the journal is posted (see takhti audit)")
	cmd.Flags().StringVar(&o.scan, "scan", "", "a virus scanner, to whose `COMMAND` the path of each file that is sent in is added, such as \"clamdscan --fdpass\"")
	cmd.Flags().Float64Var(&o.rate, "rate", 200, "how many requests a second one account may send in the long run; 0: any number")
	cmd.Flags().BoolVar(&o.metricsPublic, "metrics-public", false, "answer /livez, /readyz and /metrics to other machines, too")
	return cmd
}

func servingFlags(cmd *cobra.Command, o *serving) {
	cmd.Flags().StringVar(&o.addr, "addr", defaultAddr, "the address to listen on (TAKHTI_ADDR)")
}

func (c *cli) serve(ctx context.Context, o serving) error {
	c.log = o.log
	reg, err := c.beginRegister(ctx)
	if err != nil {
		return err
	}
	o.pages = true
	if o.audit, err = c.openLog(reg, o.checkpointURL, o.log); err != nil {
		return errors.Join(err, reg.Close())
	}
	h := c.furnish(reg, o)
	if err := ensureAdmin(ctx, h, c.say); err != nil {
		return errors.Join(err, reg.Close())
	}
	return errors.Join(h.run(ctx), reg.Close())
}

// ensureAdmin makes the account admin where one is needed, and prints its password.
func ensureAdmin(ctx context.Context, h *house, print func(format string, args ...any)) error {
	password, created, err := h.auth.EnsureAdmin(ctx)
	if created {
		print("sign in as admin with the password %s (it is shown only now)", password)
	}
	return err
}

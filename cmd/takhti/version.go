package main

import (
	"context"
	"runtime"

	"github.com/spf13/cobra"
)

// version is set by the release script.
var version = "development"

func (c *cli) versionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "version", Args: arguments(),
		Short: "Say which version this is",
		RunE: c.action(func(context.Context, []string) error {
			if c.json {
				return c.printJSON(struct {
					Version  string `json:"version"`
					Go       string `json:"go"`
					Platform string `json:"platform"`
				}{version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH})
			}
			c.say("takhti %s (%s, %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		}),
	}
	c.jsonFlag(cmd)
	return cmd
}

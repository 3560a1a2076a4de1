package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) deviceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "device SERIAL", Args: arguments("SERIAL"),
		Short: "Show a device and what happened to it",
		RunE: c.action(func(ctx context.Context, args []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				d, err := l.Device(ctx, args[0])
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(d)
				}
				return c.showDevice(d)
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

func (c *cli) showDevice(d takhti.DeviceDetail) error {
	facts := &grid{}
	for _, f := range deviceFacts(d.Device) {
		if f[1] != "" {
			facts.add(f[0], f[1])
		}
	}
	if err := facts.write(c.stdout); err != nil || len(d.History) == 0 {
		return err
	}
	c.say("")
	history := &grid{}
	for _, e := range d.History {
		what := string(e.Status)
		if e.Condition != takhti.ConditionOK {
			what += ", " + string(e.Condition)
		}
		history.add(moment(e.Time), words(e.Change), what, placeName(e.PlaceName, e.Place), holderName(e.Holder), e.By)
	}
	return history.write(c.stdout)
}

func deviceFacts(d takhti.Device) [][2]string {
	return [][2]string{
		{"serial", d.Serial},
		{"asset tag", d.AssetTag},
		{"model", d.Model},
		{"status", string(d.Status)},
		{"condition", string(d.Condition)},
		{"place", placeName(d.PlaceName, d.Place)},
		{"holder", holderName(d.Holder)},
		{"shipment", d.Shipment},
		{"carton", d.Carton},
		{"lot", d.Lot},
		{"MAC", d.MAC},
		{"received", string(d.Received)},
		{"warranty ends", string(d.WarrantyEnds)},
	}
}

// moment is a time as people in Pakistan read it.
func moment(t time.Time) string { return t.In(fleet.PKT).Format("2006-01-02 15:04") }

// words turns a name such as assign_device into words.
func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

func placeName(name, code string) string {
	if name == "" || code == "" {
		return name + code
	}
	return name + " (" + code + ")"
}

func holderName(h *takhti.Holder) string {
	switch {
	case h == nil:
		return ""
	case h.Roll != 0:
		return fmt.Sprintf("%s %s, roll %d", h.Kind, h.Label, h.Roll)
	}
	return string(h.Kind) + " " + h.Label
}

package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) shipmentCommand() *cobra.Command {
	return family("shipment", "List, receive and close shipments",
		c.shipmentListCommand(), c.shipmentReceiveCommand(), c.shipmentCloseCommand())
}

func (c *cli) shipmentListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Args: arguments(),
		Short: "List shipments, the newest first",
		RunE: c.action(func(ctx context.Context, _ []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				all := []takhti.Shipment{}
				for s, err := range l.Shipments(ctx) {
					if err != nil {
						return err
					}
					all = append(all, s)
				}
				if c.json {
					return c.printJSON(all)
				}
				return c.showShipments(all)
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

func (c *cli) showShipments(all []takhti.Shipment) error {
	g := &grid{right: map[int]bool{3: true, 4: true, 5: true, 6: true, 7: true, 8: true}}
	g.add("shipment", "state", "to", "listed", "received", "damaged", "over", "short", "awaited")
	for _, s := range all {
		row := []string{s.Number, words(string(s.State)), placeName(s.DestinationName, s.Destination)}
		for _, n := range []uint32{s.Listed, s.Received, s.Damaged, s.Over, s.Short, s.Awaited} {
			row = append(row, grouped(int64(n)))
		}
		g.add(row...)
	}
	return g.write(c.stdout)
}

func (c *cli) shipmentReceiveCommand() *cobra.Command {
	var came takhti.Received
	cmd := &cobra.Command{
		Use:   "receive NUMBER [SERIAL...]",
		Short: "Record what came of a shipment: all of it, or the devices named",
		Example: `  takhti shipment receive HP-2026-017 --all
  takhti shipment receive HP-2026-017 5CD3160ABC 5CD3160ABD --damaged 5CD3160ABE`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || !came.All && len(args) == 1 && len(came.Damaged) == 0 {
				return usageError("say what came: the shipment's number and either --all or serials")
			}
			return nil
		},
		RunE: c.action(func(ctx context.Context, args []string) error {
			came.Serials = args[1:]
			return c.through(ctx, c.openRegister, func(l link) error {
				var s takhti.Shipment
				err := c.progressing("receiving "+args[0], func() (err error) {
					s, err = l.ReceiveShipment(ctx, args[0], came)
					return err
				})
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(s)
				}
				c.say("shipment %s is %s: %s of %s received, %s awaited", s.Number, words(string(s.State)),
					grouped(int64(s.Received)), grouped(int64(s.Listed)), grouped(int64(s.Awaited)))
				return nil
			})
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().BoolVar(&came.All, "all", false, "everything that is still awaited came, undamaged")
	cmd.Flags().StringSliceVar(&came.Damaged, "damaged", nil, "the serial of a device that came damaged; may be repeated")
	return cmd
}

func (c *cli) shipmentCloseCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "close NUMBER", Args: arguments("NUMBER"),
		Short: "End a shipment; what has not come is short",
		RunE: c.action(func(ctx context.Context, args []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				s, err := l.CloseShipment(ctx, args[0])
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(s)
				}
				c.say("shipment %s is closed: %s received, %s short", s.Number, grouped(int64(s.Received)), grouped(int64(s.Short)))
				return nil
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) importDeliveryCommand() *cobra.Command {
	j := &importJob{Upload: takhti.Upload{Kind: takhti.ImportDelivery}}
	cmd := c.importOf(j, &cobra.Command{
		Use:   "delivery FILE",
		Short: "Bring in the serials that came with a shipment, and compare them with its packing list",
		Long: `Brings in a list of the serials that came with a shipment, scanned or typed, and
compares it with the packing list: what is listed is received, and what is not
on the list, or elsewhere in the register already, is a problem to decide.` + importAbout,
		Example: `  takhti import delivery scanned.csv --shipment HP-2026-017`,
	})
	cmd.Flags().StringVar(&j.Shipment, "shipment", "", "the shipment's number")
	return cmd
}

func (c *cli) importUpdatesCommand() *cobra.Command {
	return c.importOf(&importJob{Upload: takhti.Upload{Kind: takhti.ImportUpdates}}, &cobra.Command{
		Use:   "updates FILE",
		Short: "Bring in tags, prices and other facts of devices that are in the register",
		Long: `Brings in facts of devices that are in the register: tag, MAC address, model,
carton, lot, line, PO, price, funding and warranty. It makes no devices and moves none.` + importAbout,
	})
}

func (c *cli) importHandoutsCommand() *cobra.Command {
	j := &importJob{Upload: takhti.Upload{Kind: takhti.ImportHandouts}}
	cmd := c.importOf(j, &cobra.Command{
		Use:   "handouts FILE",
		Short: "Bring in who holds which device at a school",
		Long: `Brings in who holds which device at a school: a teacher by post, a class, a room, a
cart, or a learner by class and roll number. Names of people are never read.` + importAbout,
	})
	cmd.Flags().StringVar(&j.To, "to", "", "the district in which schools lie whose rows name none: its code")
	return cmd
}

func (c *cli) importModelsCommand() *cobra.Command {
	return c.importOf(&importJob{Upload: takhti.Upload{Kind: takhti.ImportModels}}, &cobra.Command{
		Use:   "models FILE",
		Short: "Bring in models: their makers, screens and the ends of their updates",
		Long:  "Brings in models: their makers, screens, the ends of Google's updates and their expected life." + importAbout,
	})
}

func (c *cli) importStockTakeCommand() *cobra.Command {
	j := &importJob{Upload: takhti.Upload{Kind: takhti.ImportStock}}
	date := oneOf("", fleet.ParseDate)
	cmd := c.importOf(j, &cobra.Command{
		Use:   "stocktake FILE",
		Short: "Record a count: the serials that were found at a place",
		Long: `Records a count: the serials that were found at a school, a store or a workshop on a
day, compared with what the register has there: found, missing, unexpected or
misplaced. A count moves and changes no device.` + importAbout,
		Example: `  takhti import stocktake scanned.csv --to PK6-37330250 --date 2026-06-15`,
		PreRun:  func(*cobra.Command, []string) { j.day, j.Date = date.value, takhti.Date(date.value.String()) },
	})
	cmd.Flags().StringVar(&j.To, "to", "", "the place that was counted, where the rows do not say it: its code")
	cmd.Flags().Var(date, "date", "the `day` of the count, such as 2026-06-15, where the rows do not say it (default: today)")
	return cmd
}

func (c *cli) importTargetsCommand() *cobra.Command {
	j := &importJob{Upload: takhti.Upload{Kind: takhti.ImportTargets}}
	cmd := c.importOf(j, &cobra.Command{
		Use:   "targets FILE",
		Short: "Bring in how many devices places are to have, and by when",
		Long: `Brings in a rollout plan: how many devices each district or school is to have in all,
and by which day. A target of 0 takes one back. Counts are shown against them.` + importAbout,
	})
	cmd.Flags().StringVar(&j.To, "to", "", "the district in which schools lie whose rows name none: its code")
	return cmd
}

func (c *cli) importAccountsCommand() *cobra.Command {
	j := &importJob{Upload: takhti.Upload{Kind: takhti.ImportAccounts}}
	return c.importOf(j, &cobra.Command{
		Use:   "accounts FILE",
		Short: "Make the accounts of many people and schools, without passwords",
		Long: `Makes an account for each row. A row with an EMIS code and no user name, or with the
role school, opens the account of the school, which is then given a PIN or a card; any
other row makes an account without a password, whose owner is invited afterwards and
chooses one. A column that seems to hold passwords is never imported.` + importAbout,
		Example: `  takhti import accounts officers.xlsx --dry-run`,
	})
}

// importOf completes a command that brings in one kind of list.
func (c *cli) importOf(j *importJob, cmd *cobra.Command) *cobra.Command {
	cmd.Args = arguments("FILE")
	cmd.RunE = c.action(func(ctx context.Context, args []string) error { return c.importFile(ctx, j, args[0]) })
	c.importFlags(cmd, j)
	return cmd
}

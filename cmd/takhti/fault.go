package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) faultCommand() *cobra.Command {
	return family("fault", "Report faults", c.faultReportCommand())
}

func (c *cli) faultReportCommand() *cobra.Command {
	var note, fir string
	var confirmed bool
	category, severity := oneOf("", fleet.ParseFaultCategory), oneOf(fleet.Major.String(), fleet.ParseSeverity)
	cmd := &cobra.Command{
		Use: "report SERIAL --category CATEGORY", Args: arguments("SERIAL"),
		Short: "Report that a device does not work as it should, or is gone",
		Long: `Reports that a device does not work as it should, or is gone, and prints the
number of the report. A second report of the same category while one is open is
added to that one as a note.`,
		Example: `  takhti fault report 5CD3160ABC --category screen --note "cracked in one corner"`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			if confirmed {
				ctx = takhti.Confirmed(ctx)
			}
			return c.through(ctx, c.openRegister, func(l link) error {
				f, err := l.ReportFault(ctx, takhti.NewFault{
					Serial: args[0], Category: takhti.FaultCategory(category.word), Severity: takhti.Severity(severity.word), Note: note, FIR: fir,
				})
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(f)
				}
				c.say("%s: %s of %s, %s", f.Ref, words(string(f.Category)), f.Serial, words(string(f.State)))
				return nil
			})
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().Var(category, "category", "what is wrong: "+names(fleet.FaultCategories()))
	cmd.Flags().Var(severity, "severity", "how much it hinders: "+names(fleet.Severities()))
	cmd.Flags().StringVar(&note, "note", "", "a remark; needed for category other")
	cmd.Flags().StringVar(&fir, "fir", "", "the police report's number, for loss and theft")
	cmd.Flags().BoolVar(&confirmed, "confirmed", false, "keep the note though it seems to hold a CNIC or a telephone number")
	needs(cmd, "category")
	return cmd
}

// names lists the words of a vocabulary.
func names[T interface{ String() string }](all []T) string {
	list := make([]string, len(all))
	for i, v := range all {
		list[i] = v.String()
	}
	return strings.Join(list, ", ")
}

package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) userPINCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "pin SCHOOL", Args: arguments("SCHOOL"),
		Short:   "Give a school a new PIN, print it once, and end the sessions begun with the old one",
		Example: `  takhti user pin PK6-37330250`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			return c.issueSignIn(ctx, args[0], takhti.SignInOrder{PIN: true}, "")
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

func (c *cli) userCardCommand() *cobra.Command {
	var order takhti.SignInOrder
	var revoke bool
	var site serving
	cmd := &cobra.Command{
		Use: "card SCHOOL", Args: arguments("SCHOOL"),
		Short: "Give a school a new sign-in card, and print what its QR code is to hold",
		Long: `Gives a school a new sign-in card and prints, this once, the address that its QR code
is to hold; opened on a phone it signs the phone in. The card before ends, and its
phones are signed out. The cards of many schools are printed in the browser, from
the page of their district.`,
		Example: `  takhti user card PK6-37330250 --pin --public-url https://takhti.example.pk
  takhti user card PK6-37330250 --revoke`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			if revoke {
				return c.through(ctx, c.openRegister, func(l link) error {
					if err := l.RevokeCard(ctx, args[0]); err != nil {
						return err
					}
					c.say("school %s has no card any more, and its phones are signed out", args[0])
					return nil
				})
			}
			order.Card = true
			return c.issueSignIn(ctx, args[0], order, c.siteOr(site))
		}),
	}
	c.registerFlags(cmd)
	publicURLFlag(cmd, &site)
	cmd.Flags().BoolVar(&order.PIN, "pin", false, "give a new PIN as well")
	cmd.Flags().Uint8Var(&order.Phones, "phones", 3, "how many phones it may sign in at once: 1 to 20")
	cmd.Flags().BoolVar(&revoke, "revoke", false, "take the card back instead")
	cmd.MarkFlagsMutuallyExclusive("revoke", "pin")
	return cmd
}

// issueSignIn gives the school what is ordered, and prints it.
func (c *cli) issueSignIn(ctx context.Context, school string, order takhti.SignInOrder, site string) error {
	return c.through(ctx, c.openRegister, func(l link) error {
		given, err := l.IssueSignIn(ctx, school, order)
		if err != nil {
			return err
		}
		if given.Card != "" && site != "" {
			given.Card = strings.ToUpper(site) + given.Card
		}
		if c.json {
			return c.printJSON(given)
		}
		g := &grid{}
		g.add("school", given.Name)
		g.add("EMIS code", orDash(given.EMIS))
		if given.PIN != "" {
			g.add("PIN", given.PIN)
		}
		if given.Card != "" {
			g.add("card", given.Card)
		}
		err = g.write(c.stdout)
		c.tell("this is shown only now")
		return err
	})
}

package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) tokenCommand() *cobra.Command {
	return family("token", "Create, list and revoke API tokens",
		c.tokenCreateCommand(), c.tokenListCommand(), c.tokenRevokeCommand())
}

func (c *cli) tokenCreateCommand() *cobra.Command {
	var token takhti.NewToken
	role := oneOf("", fleet.ParseRole)
	cmd := &cobra.Command{
		Use: "create NAME --role ROLE", Args: arguments("NAME"),
		Short: "Create an API token, and print it once",
		Long: `Creates an API token for a program and prints it; it cannot be shown again. NAME
says what it is for. It never allows more than the user it acts for.`,
		Example: `  takhti token create "Power BI" --role viewer --place PK6`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			token.Name, token.Role = args[0], takhti.Role(role.word)
			return c.through(ctx, c.openRegister, func(l link) error {
				if l.local != nil {
					token.User = cmp.Or(token.User, "admin")
				}
				secret, err := l.AddToken(ctx, token)
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(secret)
				}
				c.say("%s", secret.Secret)
				c.tell("this token is shown only now; it expires on %s", fleet.DateOf(secret.Expires))
				return nil
			})
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().Var(role, "role", "what it may do: "+names(fleet.Roles()))
	cmd.Flags().StringVar(&token.Place, "place", "", "at which place and below it: its code (default: everywhere)")
	cmd.Flags().StringVar(&token.User, "user", "", "the user it acts for (default: admin; with --server, you)")
	cmd.Flags().IntVar(&token.Days, "days", 365, "how long it lives")
	needs(cmd, "role")
	return cmd
}

func (c *cli) tokenListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Args: arguments(),
		Short: "List the API tokens",
		RunE: c.action(func(ctx context.Context, _ []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				tokens, err := l.Tokens(ctx)
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(tokens)
				}
				g := &grid{right: map[int]bool{0: true}}
				g.add("id", "token", "for", "user", "may", "state")
				for _, t := range tokens {
					g.add(strconv.FormatUint(t.ID, 10), t.Prefix+"…", t.Name, t.User, grants(t.Grants), tokenState(t, time.Now()))
				}
				return g.write(c.stdout)
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

func tokenState(t takhti.Token, now time.Time) string {
	switch {
	case t.Revoked != nil:
		return "revoked"
	case now.After(t.Expires):
		return "expired"
	}
	return "until " + fleet.DateOf(t.Expires).String()
}

func (c *cli) tokenRevokeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "revoke ID", Args: arguments("ID"),
		Short: "End an API token; its ID is in the list",
		RunE: c.action(func(ctx context.Context, args []string) error {
			id, err := strconv.ParseUint(args[0], 10, 64)
			if err != nil {
				return usageError(fmt.Sprintf(`%q is not a token's ID: see "takhti token list"`, args[0]))
			}
			return c.through(ctx, c.openRegister, func(l link) error {
				if err := l.RevokeToken(ctx, id); err != nil {
					return err
				}
				if !c.json {
					c.say("revoked token %d", id)
				}
				return nil
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

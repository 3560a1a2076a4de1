package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) tokenCommand() *cobra.Command {
	return family("token", "Create, list and revoke API tokens and the keys of feeds",
		c.tokenCreateCommand(), c.tokenListCommand(), c.tokenRevokeCommand())
}

func (c *cli) tokenCreateCommand() *cobra.Command {
	var token takhti.NewToken
	var site serving
	role, days := oneOf("", fleet.ParseRole), oneOf("", parseTokenDays)
	cmd := &cobra.Command{
		Use: "create NAME --role ROLE", Args: arguments("NAME"),
		Short: "Create an API token, or a feed for a spreadsheet, and print it once",
		Long: `Creates an API token for a program and prints it; it cannot be shown again. NAME
says what it is for. It never allows more than the user it acts for.

With --feed it is the key of a feed. What is printed is the address to give to Excel,
Google Sheets or Power BI: whoever has it reads the counts of the place, and nothing
else.`,
		Example: `  takhti token create "stock program" --role viewer --place PK6
  takhti token create "ministry's sheet" --feed --place PK6 --public-url https://takhti.example.pk`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			token.Name, token.Role, token.Days = args[0], takhti.Role(role.word), days.value
			if token.Feed {
				token.Role = takhti.RoleViewer
			}
			return c.through(ctx, c.beginRegister, func(l link) error { return c.createToken(ctx, l, token, c.siteOr(site)) })
		}),
	}
	c.registerFlags(cmd)
	publicURLFlag(cmd, &site)
	cmd.Flags().Var(role, "role", "what it may do: "+names(fleet.Roles()))
	cmd.Flags().BoolVar(&token.Feed, "feed", false, "create a feed of counts instead")
	cmd.Flags().StringVar(&token.Place, "place", "", "at which place and below it: its code (default: everywhere)")
	cmd.Flags().StringVar(&token.User, "user", "", "the user it acts for (default: admin; with --server, you)")
	cmd.Flags().Var(days, "days", "how long it lives: 1 to 366 `days` (default: 365, or as long as the token that makes it)")
	cmd.MarkFlagsOneRequired("role", "feed")
	cmd.MarkFlagsMutuallyExclusive("role", "feed")
	return cmd
}

// parseTokenDays reads how long a token is to live.
func parseTokenDays(word string) (int, error) {
	days, err := strconv.Atoi(word)
	if err != nil || days < 1 || days > 366 {
		return 0, fleet.Invalidf("token.days", "%q is not how long a token can live: use 1 to 366 days", word)
	}
	return days, nil
}

// createToken makes the token. On the data folder it is the admin's when nobody is
// named; a new register gets its admin for that.
func (c *cli) createToken(ctx context.Context, l link, token takhti.NewToken, site string) error {
	nobody := l.local != nil && token.User == ""
	if nobody {
		token.User = "admin"
		if err := ensureAdmin(ctx, l.local, c.tell); err != nil {
			return err
		}
	}
	secret, err := l.AddToken(ctx, token)
	if err != nil {
		if nobody && isUnknownUser(err) {
			return fleet.NotFoundf("user.not_found", "no account in use is named admin: say with --user whom the token acts for")
		}
		return err
	}
	if secret.Feed != "" {
		secret.Feed = site + secret.Feed
	}
	switch {
	case c.json:
		return c.printJSON(secret)
	case secret.Feed != "":
		c.say("%s", secret.Feed)
		c.tell("this address is shown only now, and opens the counts to whoever has it; it expires on %s", fleet.DateOf(secret.Expires))
	default:
		c.say("%s", secret.Secret)
		c.tell("this token is shown only now; it expires on %s", fleet.DateOf(secret.Expires))
	}
	return nil
}

func isUnknownUser(err error) bool {
	var answer *takhti.Error
	return errors.As(err, &answer) && answer.Code == "user.not_found"
}

func (c *cli) tokenListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Args: arguments(),
		Short: "List the API tokens and feeds",
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
				g.add("id", "token", "for", "user", "may", "last used", "state")
				for _, t := range tokens {
					g.add(strconv.FormatUint(t.ID, 10), t.Prefix+"…", t.Name, t.User, tokenGrants(t), lastUsed(t), tokenState(t, time.Now()))
				}
				return g.write(c.stdout)
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

// tokenGrants are what a token may do, in words.
func tokenGrants(t takhti.Token) string {
	if t.Feed {
		return "feed: " + grants(t.Grants)
	}
	return grants(t.Grants)
}

// lastUsed is when a token was last used, on this computer's clock.
func lastUsed(t takhti.Token) string {
	if t.LastUsed == nil {
		return "never"
	}
	return t.LastUsed.Local().Format("2006-01-02 15:04")
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
		Short: "End an API token or a feed; its ID is in the list",
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

package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// userInviteCommand works on the data folder alone: through a server invitations are
// made in the browser.
func (c *cli) userInviteCommand() *cobra.Command {
	var site serving
	invite := registry.InviteUser{}
	role := oneOf("", fleet.ParseRole)
	var place string
	cmd := &cobra.Command{
		Use: "invite NAME", Args: arguments("NAME"),
		Short: "Invite somebody to choose a password, and print the link once",
		Long: `Makes an account and prints, this once, the link with which its owner chooses a
password; it works once, and for seven days. Without --role it is a new link for an
account that is there and has no password, such as one that came in as a list.`,
		Example: `  takhti user invite lahore.officer --role officer --place PK601 --public-url https://takhti.example.pk
  takhti user invite lahore.officer`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			invite.User = args[0]
			if role.word != "" {
				invite.Grants = []registry.UserGrant{{Role: role.value, Place: fleet.PlaceCode(place)}}
			} else if place != "" || invite.FullName != "" {
				return usageError("--place and --full-name are for a new account: say its --role as well")
			}
			return c.through(ctx, c.openRegister, func(l link) error {
				made, err := l.local.invite(ctx, invite)
				if err != nil {
					return err
				}
				return c.showInvitation(invite.User, site.public(), made)
			})
		}),
	}
	c.dataFlag(cmd)
	c.jsonFlag(cmd)
	publicURLFlag(cmd, &site)
	cmd.Flags().Var(role, "role", "what a new user may do: "+names(fleet.Roles()))
	cmd.Flags().StringVar(&place, "place", "", "at which place and below it: its code (default: everywhere)")
	cmd.Flags().StringVar(&invite.FullName, "full-name", "", "the name people know the user by")
	return cmd
}

// invite invites a new user or, without roles, one that is there.
func (h *house) invite(ctx context.Context, c registry.InviteUser) (auth.Invitation, error) {
	operator := h.reg.As(registry.Operator())
	if len(c.Grants) == 0 {
		return h.auth.InviteAgain(ctx, operator, registry.Request{}, c.User)
	}
	return h.auth.Invite(ctx, operator, registry.Request{}, c)
}

func (c *cli) showInvitation(user, site string, i auth.Invitation) error {
	if c.json {
		return c.printJSON(struct {
			User    string    `json:"user"`
			Link    string    `json:"link"`
			Expires time.Time `json:"expires"`
		}{user, site + i.Path(), i.Expires.UTC()})
	}
	c.say("%s", site+i.Path())
	c.tell("pass this link on to %s: it is shown only now, and works once, until %s", user, i.Expires.UTC().Format(time.RFC3339))
	return nil
}

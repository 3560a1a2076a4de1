package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) userRolesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "roles NAME ROLE[@PLACE]...", Args: func(cmd *cobra.Command, args []string) error {
			return arguments("NAME", "ROLE[@PLACE]")(cmd, args[:min(len(args), 2)])
		},
		Short: "Replace a user's roles, and end its sessions",
		Long: `Gives a user these roles in the place of all it has, each at a place and below it, or
everywhere. It ends the user's sessions, and the API tokens and feeds that may do more
than the new roles. The roles are ` + names(fleet.Roles()) + `.`,
		Example: `  takhti user roles lahore.officer officer@PK601
  takhti user roles amna officer@PK601 viewer@PK6`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			roles, err := parseGrants(args[1:])
			if err != nil {
				return err
			}
			return c.through(ctx, c.openRegister, func(l link) error {
				u, err := l.SetRoles(ctx, args[0], roles...)
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(u)
				}
				c.say("user %s is %s now, and is signed out everywhere", u.Name, grants(u.Grants))
				return nil
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

// parseGrants reads roles at places: officer@PK601.
func parseGrants(words []string) ([]takhti.Grant, error) {
	list := make([]takhti.Grant, 0, len(words))
	for _, word := range words {
		name, place, at := strings.Cut(word, "@")
		role, err := fleet.ParseRole(name)
		switch {
		case err != nil:
			return nil, usageError(err.Error())
		case at && place == "":
			return nil, usageError(word + ": say the code of a place after the @, or leave both out for everywhere")
		}
		list = append(list, takhti.Grant{Role: takhti.Role(role.String()), Place: place})
	}
	return list, nil
}

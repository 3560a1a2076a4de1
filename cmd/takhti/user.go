package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) userCommand() *cobra.Command {
	return family("user", "Add, list and disable the people who use the register, and change their roles and passwords",
		c.userAddCommand(), c.userListCommand(), c.userSwitchCommand("disable"), c.userSwitchCommand("enable"), c.userRolesCommand(), c.userPasswordCommand(), c.userPINCommand(), c.userCardCommand(), c.userInviteCommand())
}

func (c *cli) userAddCommand() *cobra.Command {
	var user takhti.NewUser
	var grant takhti.Grant
	role := oneOf("", fleet.ParseRole)
	var passwordFromStdin bool
	cmd := &cobra.Command{
		Use: "add NAME --role ROLE", Args: arguments("NAME"),
		Short:   "Add a user, and print the password once",
		Example: `  takhti user add rawalpindi.officer --role officer --place PK603`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			password, err := c.newPassword(passwordFromStdin)
			if err != nil {
				return err
			}
			grant.Role = takhti.Role(role.word)
			user.Name, user.Password, user.Grants = args[0], password, []takhti.Grant{grant}
			return c.through(ctx, c.beginRegister, func(l link) error {
				made, err := l.AddUser(ctx, user)
				if err != nil {
					return err
				}
				return c.showNewUser(made, password, !passwordFromStdin)
			})
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().Var(role, "role", "what the user may do: "+names(fleet.Roles()))
	cmd.Flags().StringVar(&grant.Place, "place", "", "at which place and below it: its code (default: everywhere)")
	cmd.Flags().StringVar(&user.FullName, "full-name", "", "the name people know the user by")
	cmd.Flags().BoolVar(&passwordFromStdin, "password-stdin", false, "read the password from standard input instead of making one")
	needs(cmd, "role")
	return cmd
}

// newPassword is one made here, or the first line of standard input.
func (c *cli) newPassword(fromStdin bool) (string, error) {
	if !fromStdin {
		r := strings.ToLower(rand.Text())
		return r[:5] + "-" + r[5:10] + "-" + r[10:15] + "-" + r[15:20], nil
	}
	line, err := bufio.NewReader(c.stdin).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", fmt.Errorf("no password came on standard input: %w", err)
	}
	return line, nil
}

func (c *cli) showNewUser(u takhti.User, password string, made bool) error {
	if !made {
		password = ""
	}
	if c.json {
		return c.printJSON(struct {
			takhti.User
			Password string `json:"password,omitempty"`
		}{u, password})
	}
	c.say("added user %s", u.Name)
	c.sayPassword(password)
	return nil
}

func (c *cli) userListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Args: arguments(),
		Short: "List the users",
		RunE: c.action(func(ctx context.Context, _ []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				users, err := l.Users(ctx)
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(users)
				}
				g := &grid{}
				g.add("user", "name", "may", "state")
				for _, u := range users {
					g.add(u.Name, orDash(u.FullName), grants(u.Grants), map[bool]string{true: "disabled", false: "active"}[u.Disabled])
				}
				return g.write(c.stdout)
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

// grants are roles and places in words: officer at PK603.
func grants(all []takhti.Grant) string {
	list := make([]string, len(all))
	for i, g := range all {
		if list[i] = string(g.Role); g.Place != "" {
			list[i] += " at " + g.Place
		}
	}
	return strings.Join(list, ", ")
}

// userSwitchCommand disables a user, or enables one again.
func (c *cli) userSwitchCommand(verb string) *cobra.Command {
	act, short := (*takhti.Client).DisableUser, "Keep a user out, and end its sessions and tokens"
	if verb == "enable" {
		act, short = (*takhti.Client).EnableUser, "Let a user in again"
	}
	cmd := &cobra.Command{
		Use: verb + " NAME", Args: arguments("NAME"), Short: short,
		RunE: c.action(func(ctx context.Context, args []string) error {
			return c.through(ctx, c.openRegister, func(l link) error {
				u, err := act(l.Client, ctx, args[0])
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(u)
				}
				c.say("%sd user %s", verb, u.Name)
				return nil
			})
		}),
	}
	c.registerFlags(cmd)
	return cmd
}

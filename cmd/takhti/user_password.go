package main

import (
	"context"

	"github.com/spf13/cobra"
)

func (c *cli) userPasswordCommand() *cobra.Command {
	var fromStdin bool
	cmd := &cobra.Command{
		Use: "password NAME", Args: arguments("NAME"),
		Short: "Give a user a new password, print it once, and end the user's sessions",
		Example: `  takhti user password rawalpindi.officer
  takhti user password rawalpindi.officer --password-stdin < password.txt`,
		RunE: c.action(func(ctx context.Context, args []string) error {
			password, err := c.newPassword(fromStdin)
			if err != nil {
				return err
			}
			return c.through(ctx, c.openRegister, func(l link) error {
				if err := l.SetPassword(ctx, args[0], password); err != nil {
					return err
				}
				if fromStdin {
					password = ""
				}
				return c.showPassword(args[0], password)
			})
		}),
	}
	c.registerFlags(cmd)
	cmd.Flags().BoolVar(&fromStdin, "password-stdin", false, "read the password from standard input instead of making one")
	return cmd
}

// showPassword says what became of a user's password, and what it is when it was
// made here.
func (c *cli) showPassword(user, made string) error {
	if c.json {
		return c.printJSON(struct {
			User     string `json:"user"`
			Password string `json:"password,omitempty"`
		}{user, made})
	}
	c.say("user %s has a new password, and is signed out everywhere", user)
	c.sayPassword(made)
	return nil
}

// sayPassword tells a password that was made here, if any.
func (c *cli) sayPassword(made string) {
	if made != "" {
		c.say("password: %s", made)
		c.tell("this password is shown only now")
	}
}

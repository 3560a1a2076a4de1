package main

import (
	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// nobodyStepped is the word for asking nobody for a second step.
const nobodyStepped = "none"

func secondFactorFlag(cmd *cobra.Command, o *serving, usual string) {
	o.secondFactor = oneOf(usual, parseSecondFactor)
	cmd.Flags().Var(o.secondFactor, "second-factor",
		"the `role` from which on nobody signs in by a password alone: "+names(fleet.Roles())+"; or "+nobodyStepped+" (TAKHTI_SECOND_FACTOR)")
}

// parseSecondFactor reads a role; zero stands for none.
func parseSecondFactor(word string) (fleet.Role, error) {
	if word == nobodyStepped {
		return 0, nil
	}
	role, err := fleet.ParseRole(word)
	if err != nil {
		return 0, fleet.Invalidf("user.second_factor", "%q is no role: use one of %s, or %s", word, names(fleet.Roles()), nobodyStepped)
	}
	return role, nil
}

// stepped is the role from which on a second step is asked for. Commands that work
// on the data folder itself have nobody sign in.
func (o *serving) stepped() fleet.Role {
	if o.secondFactor == nil {
		return 0
	}
	return o.secondFactor.value
}

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// What the program ends with. Scripts rely on these: they never change.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitRefused  = 3
	exitNotFound = 4
	exitInUse    = 5
	exitDiffers  = 6
)

var exitCodes = []struct {
	code    int
	meaning string
}{
	{exitDone, "done"},
	{exitFailed, "something failed: the disk, the network, damaged data; or it was stopped"},
	{exitUsage, "wrong use: an unknown command or flag, a missing argument"},
	{exitRefused, "refused, and nothing was changed: wrong cells in a file, a rule, a role"},
	{exitNotFound, "not there, or not within your scope: a device, a place, a file, a data folder"},
	{exitInUse, "another process has the data open"},
	{exitDiffers, "verify found differences"},
}

// exitCodesTopic is what "takhti help exit-codes" shows.
func exitCodesTopic() *cobra.Command {
	var b strings.Builder
	b.WriteString("Every command ends with one of these exit codes:\n\n")
	for _, e := range exitCodes {
		fmt.Fprintf(&b, "  %d  %s\n", e.code, e.meaning)
	}
	b.WriteString("\nWhat went wrong is told on standard error, on lines that begin with \"takhti:\".")
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: b.String()}
}

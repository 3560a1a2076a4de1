package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/registry"
)

// keptFiles is the one kind of what is kept for a while that is not in the register: the
// workbooks that were sent in.
const keptFiles = "files"

// periods say for how many months each kind of personal data is kept; zero: for ever.
type periods map[string]int

func usualPeriods() periods {
	return periods{
		registry.KeptLearners.String(): 12, registry.KeptFaults.String(): 36, registry.KeptActs.String(): 24,
		registry.KeptAccounts.String(): 12, keptFiles: 36,
	}
}

// String implements the flag's value.
func (p periods) String() string {
	var all []string
	for _, kind := range keptKinds() {
		all = append(all, kind+"="+strconv.Itoa(p[kind]))
	}
	return strings.Join(all, ",")
}

// Type is what the help calls it.
func (periods) Type() string { return "KIND=MONTHS" }

// Set takes one or more KIND=MONTHS.
func (p periods) Set(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		kind, months, _ := strings.Cut(one, "=")
		n, err := strconv.Atoi(months)
		switch {
		case !slices.Contains(keptKinds(), kind):
			return fmt.Errorf("%q is not a kind of what is kept: use one of %s", kind, strings.Join(keptKinds(), ", "))
		case err != nil || n < 0 || n > 1200:
			return fmt.Errorf("%q is not a number of months: write %s=12, or %s=0 to keep it for ever", months, kind, kind)
		}
		p[kind] = n
	}
	return nil
}

func keptKinds() []string {
	kinds := make([]string, 0, 5)
	for _, k := range registry.AllKept() {
		kinds = append(kinds, k.String())
	}
	return append(kinds, keptFiles)
}

func (c *cli) retentionCommand() *cobra.Command {
	keep := usualPeriods()
	var erase bool
	cmd := &cobra.Command{
		Use: "retention", Args: arguments(),
		Short: "Say for how long personal data is kept, or erase what is over",
		Long: `Says for how many months each kind of personal data is kept. A server erases what
is over once a day; with --erase this is done now. What is erased is gone from the
records and from the journal, which can still be proved; what is in backups goes
with them.`,
		Example: "  takhti retention --erase --keep learners=6",
		RunE: c.action(func(ctx context.Context, _ []string) error {
			if !erase {
				for _, kind := range keptKinds() {
					c.say("%-9s %s", kind, keep.inWords(kind))
				}
				return nil
			}
			reg, err := c.openRegister(ctx)
			if err != nil {
				return err
			}
			h := c.furnish(reg, serving{})
			err = h.retain(ctx, keep, func(kind string, n int) { c.say("%-9s %d erased", kind, n) })
			h.desk.Stop()
			return errors.Join(err, reg.Close())
		}),
	}
	c.dataFlag(cmd)
	keepFlag(cmd, keep)
	cmd.Flags().BoolVar(&erase, "erase", false, "erase what is over now")
	return cmd
}

func keepFlag(cmd *cobra.Command, keep periods) {
	cmd.Flags().Var(keep, "keep", "for how many months a kind of personal data is kept; 0: for ever")
}

func (p periods) inWords(kind string) string {
	if p[kind] == 0 {
		return "for ever"
	}
	return fmt.Sprintf("%d months", p[kind])
}

// retain erases what is over, and tells how much of each kind that was.
func (h *house) retain(ctx context.Context, keep periods, tell func(kind string, n int)) error {
	operator := h.reg.As(registry.Operator())
	before := func(months int) time.Time { return operator.Today().Time().AddDate(0, -months, 0) }
	for _, kind := range registry.AllKept() {
		if months := keep[kind.String()]; months > 0 {
			n, err := operator.Retain(ctx, kind, before(months))
			if err != nil {
				return err
			}
			tell(kind.String(), n)
		}
	}
	if months := keep[keptFiles]; months > 0 {
		n, err := h.desk.DropFiles(ctx, operator, before(months))
		if err != nil {
			return err
		}
		tell(keptFiles, n)
	}
	return nil
}

// retainDaily does so once a day until the end of ctx, the first time a while after the
// start.
func (h *house) retainDaily(ctx context.Context) {
	const begin, again = 10 * time.Minute, 24 * time.Hour
	timer := time.NewTimer(begin)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		err := h.retain(ctx, h.keep, func(kind string, n int) {
			if n > 0 {
				h.log.InfoContext(ctx, "erased what is kept no longer", "kind", kind, "number", n)
			}
		})
		if err != nil && ctx.Err() == nil {
			h.log.ErrorContext(ctx, "cannot erase what is kept no longer", "error", err)
		}
		timer.Reset(again)
	}
}

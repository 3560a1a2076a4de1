package main

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (c *cli) auditListCommand() *cobra.Command {
	var q takhti.JournalQuery
	var from, until string
	var most int
	cmd := &cobra.Command{
		Use: "list", Args: arguments(),
		Short: "List who did what, where and when, the newest first",
		Long: `Lists the entries of the journal that fit, the newest first, one a line: number, time,
what was done, by whom, where, from which address, and remarks. With --json each line
is one JSON value, with all that an entry says of itself.`,
		Example: `  takhti audit list --who asma.khan --from 2026-06-01
  takhti audit list --what 5CD3160ABC
  takhti audit list --place PK601 --most 0 --json > journal-of-lahore.jsonl`,
		RunE: c.action(func(ctx context.Context, _ []string) error {
			q.From, q.Until = takhti.Date(from), takhti.Date(until)
			return c.through(ctx, c.openRegister, func(l link) error { return c.listJournal(ctx, l, q, most) })
		}),
	}
	c.registerFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&q.Who, "who", "", "only what the account with this `name` did, or a stranger who tried it")
	f.StringVar(&q.What, "what", "", "only what was done to a `thing`: a serial, an F-number, a place's code or a shipment's number")
	f.StringVar(&q.Change, "change", "", "only one kind of `change`, such as assign_device")
	f.StringVar(&q.Place, "place", "", "only at the place with this `code` and below it")
	f.StringVar(&from, "from", "", "the first `day`, such as 2026-06-01")
	f.StringVar(&until, "until", "", "the last `day`")
	f.IntVar(&most, "most", 100, "at most so many; 0: all")
	return cmd
}

func (c *cli) listJournal(ctx context.Context, l link, q takhti.JournalQuery, most int) error {
	n := 0
	for e, err := range l.Journal(ctx, q) {
		if err != nil {
			return err
		}
		if n++; most > 0 && n > most {
			c.tell("there are more: say --most 0 for all of them")
			return nil
		}
		if err := c.printEntry(e); err != nil {
			return err
		}
	}
	return nil
}

func (c *cli) printEntry(e takhti.JournalEntry) error {
	if c.json {
		return c.printJSON(e)
	}
	line := []string{strconv.FormatUint(e.Seq, 10), moment(e.Time), e.Change, cmp.Or(e.By, "-"), cmp.Or(e.Place, "-"), cmp.Or(e.Address, "-")}
	for _, more := range []string{e.About, e.Remark} {
		if more != "" {
			line = append(line, more)
		}
	}
	c.say("%s", strings.Join(line, "  "))
	return nil
}

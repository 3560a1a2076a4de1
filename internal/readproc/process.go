package readproc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// process is one that reads, as seen by who started it.
type process struct {
	ctx     context.Context
	cmd     *exec.Cmd
	ask     io.WriteCloser
	answers io.ReadCloser
	said    head // on standard error
	limits  Limits
	log     *slog.Logger

	patience *time.Timer // ends the process while an answer is waited for
	late     atomic.Bool // it did
	ended    sync.Once
	err      error // why it failed
}

func (p *Program) start(ctx context.Context, f *os.File, o *opening) (*process, error) {
	proc := &process{ctx: ctx, limits: o.Process, log: p.Log, cmd: exec.CommandContext(ctx, p.Path)}
	proc.cmd.Args = p.Args
	proc.cmd.Env = []string{}
	proc.cmd.Stderr = &proc.said
	hand(proc.cmd, f, o)
	var err error
	if proc.ask, err = proc.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if proc.answers, err = proc.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := proc.cmd.Start(); err != nil {
		return nil, err
	}
	proc.patience = time.AfterFunc(proc.limits.Wait, func() {
		proc.late.Store(true)
		_ = proc.cmd.Process.Kill() // it may have ended
	})
	proc.patience.Stop()
	return proc, nil
}

// tell asks for something, within the time that the process may take to listen.
func (p *process) tell(what any) error {
	p.patience.Reset(p.limits.Wait)
	err := json.NewEncoder(p.ask).Encode(what)
	p.patience.Stop()
	if err != nil {
		return p.failed(err)
	}
	return nil
}

// answer reads a frame, within the time that the process may take for one.
func (p *process) answer(buf []byte) (kind frameKind, frame []byte, err error) {
	p.patience.Reset(p.limits.Wait)
	kind, frame, err = readFrame(p.answers, buf)
	p.patience.Stop()
	if err != nil {
		err = p.failed(err)
	}
	return kind, frame, err
}

func (p *process) skipPass() error {
	p.patience.Reset(p.limits.Wait)
	err := skipPass(p.answers)
	p.patience.Stop()
	if err != nil {
		return p.failed(err)
	}
	return nil
}

// end ends the process, which has nothing to lose, and waits until it is gone.
func (p *process) end() {
	p.ended.Do(func() {
		p.patience.Stop()
		_ = p.cmd.Process.Kill() // it may have ended
		_ = p.cmd.Wait()         // it says that it was killed
	})
}

// leave ends the process, of which nothing more is wanted because of err. From then
// on it says so.
func (p *process) leave(err error) error {
	p.end()
	p.err = err
	return err
}

// failed ends the process and says why it failed, seen being what was seen of it
// first. From then on it says the same.
func (p *process) failed(seen error) error {
	if p.err != nil {
		return p.err
	}
	p.end()
	if p.ctx.Err() != nil {
		p.err = p.ctx.Err()
		return p.err
	}
	e := &Error{Failure: p.failure(seen), Limits: p.limits, Err: fmt.Errorf("%w (%v)", seen, p.cmd.ProcessState)}
	if p.log != nil {
		p.log.Error("a process that read a file failed", slog.String("why", e.Failure.String()), slog.String("seen", e.Err.Error()), slog.String("said", p.said.String()))
	}
	p.err = e
	return p.err
}

// failure tells from how the process ended why it did.
func (p *process) failure(seen error) Failure {
	state := p.cmd.ProcessState
	switch {
	case errors.Is(seen, errTooLong):
		return OverSize
	case p.late.Load(), p.said.has("SIGXCPU"), state.UserTime()+state.SystemTime() >= p.limits.Processor:
		return OverTime
	case state.ExitCode() == exitOverMemory, p.said.has("out of memory"), p.said.has("cannot allocate memory"):
		return OverMemory
	}
	return Crashed
}

// head keeps the beginning of what is written to it: that of a crash tells what
// crashed.
type head struct{ text []byte }

const headSize = 4 << 10

func (h *head) Write(p []byte) (int, error) {
	h.text = append(h.text, p[:min(len(p), headSize-len(h.text))]...)
	return len(p), nil
}

func (h *head) has(text string) bool { return bytes.Contains(h.text, []byte(text)) }

func (h *head) String() string { return string(h.text) }

package readproc

import "fmt"

// Failure is why a process could not finish.
type Failure uint8

const (
	OverMemory Failure = iota + 1 // it needed more memory than it may have
	OverTime                      // it took more time than it may take
	Crashed                       // it ended, or answered what makes no sense
	OverSize                      // it wrote more of a copy than it may write
)

var failureNames = [...]string{"", "needed too much memory", "took too long", "crashed", "wrote too much"}

func (f Failure) String() string { return failureNames[f] }

// Error says that the process did not finish. It says nothing of the file that a
// sender could use: what was wrong with a file is an error of package sheet.
type Error struct {
	Failure Failure
	Limits  Limits // those that the process had
	Err     error  // what was seen of it
}

func (e *Error) Error() string {
	return fmt.Sprintf("the process that read the file %s: %v", e.Failure, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

package terminal

// State is where a visit stands.
type State string

// The states of a visit. From Lapsed on it is over.
const (
	Shown     State = "shown"     // the code is on the screen
	Confirmed State = "confirmed" // a phone has said yes
	InUse     State = "open"      // the person is signed in at the terminal
	Lapsed    State = "lapsed"    // nobody confirmed in time
	Replaced  State = "replaced"  // another code was shown
	Finished  State = "finished"  // the person said so at the terminal
	Left      State = "left"      // nobody touched the screen, or five minutes were over
	Ended     State = "ended"     // the person said so on the phone
	Revoked   State = "revoked"   // the terminal may no longer be used
)

// Act moves a visit.
type Act string

// The acts.
const (
	Confirm Act = "confirm"
	Collect Act = "collect"
	Lapse   Act = "lapse"
	Replace Act = "replace"
	Finish  Act = "finish"
	Leave   Act = "leave"
	End     Act = "end"
	Revoke  Act = "revoke"
)

// table is all that can become of a visit.
var table = map[State]map[Act]State{
	Shown:     {Confirm: Confirmed, Lapse: Lapsed, Replace: Replaced, Finish: Finished, Revoke: Revoked},
	Confirmed: {Collect: InUse, Lapse: Lapsed, Replace: Replaced, Finish: Finished, End: Ended, Revoke: Revoked},
	InUse:     {Finish: Finished, Leave: Left, End: Ended, Replace: Replaced, Revoke: Revoked},
}

// Over says whether nothing more is to come.
func (s State) Over() bool { return table[s] == nil }

// PrintState is where a print stands.
type PrintState string

// The states of a print.
const (
	Asked    PrintState = "asked"
	Printing PrintState = "printing"
	Printed  PrintState = "printed"
	Failed   PrintState = "failed"
	Dropped  PrintState = "dropped" // the person left before it began
)

// PrintAct moves a print.
type PrintAct string

// The acts of a print.
const (
	Begin PrintAct = "begin"
	Done  PrintAct = "done"
	Fail  PrintAct = "fail"
	Drop  PrintAct = "drop"
)

// printTable is all that can become of a print. What failed may be begun again
// while its person is there.
var printTable = map[PrintState]map[PrintAct]PrintState{
	Asked:    {Begin: Printing, Fail: Failed, Drop: Dropped},
	Printing: {Done: Printed, Fail: Failed},
	Failed:   {Begin: Printing},
}

package workday

// NoticeDays are the working days in which an office must say, once and in
// full, what is missing (一次性告知, 行政许可法 Art. 32).
const NoticeDays = 5

// NoticeDue gives the last day for the one-time notice on materials received
// on a day.
func NoticeDue(receipt Date, cal *Calendar) Date { return cal.Add(receipt, NoticeDays) }

// DeemedAccepted gives the day from which an application on which the office
// kept silent is accepted by law: the day after NoticeDue. The acceptance is
// dated back to the receipt, and the clock of the decision starts there.
func DeemedAccepted(receipt Date, cal *Calendar) Date { return NoticeDue(receipt, cal).AddDays(1) }

// Package foshan (佛山样例城市) holds the sample city: its offices, divisions
// and catalogue as CSV files. NOTICE.md says where they come from and how far
// they may be trusted.
package foshan

import (
	"embed"
	"io/fs"
)

//go:embed NOTICE.md *.csv catalogue/*.csv
var files embed.FS

// Files is the city's folder.
var Files fs.FS = files

// Package forecast looks ahead in short yearly series: plain numbers in, plain
// numbers out, with an interval for every step. It knows no indicator.
package forecast

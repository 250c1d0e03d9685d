// Package forecast looks ahead in short yearly series: plain numbers in, plain
// numbers out. It knows no indicator.
//
// # The point
//
// Each series is forecast by simple methods together: half way between their
// weighted mean and their weighted median. With y the last value, and d the
// changes so far:
//
//   - naive: y. Smoothing: simple exponential smoothing.
//   - drift: y + h·mean(d). drift5: the same over the last five changes. median
//     change: y + h·median(d). shared drift: y + h·ḡ, where ḡ is the mean of d drawn
//     towards what is usual in the other series.
//   - Theta: simple exponential smoothing and a part of the slope of the straight
//     line through all values. Half the slope is the method of Assimakopoulos and
//     Nikolopoulos (2000) as Hyndman and Billah (2003) restated it; other parts
//     are those of Fiorucci and others (2016).
//   - damped Holt: level and growth are smoothed, and the growth fades (Gardner and
//     McKenzie 1985). mean growth: the growth fades to ḡ, or to half of it. One great
//     error moves the level, but the growth no more than a large one does.
//
// Methods whose name begins with log do the same on the logarithm, for a range
// with two ends on the logit, and need values strictly inside the range; for other
// series they see the values as they are. Shared drift and mean growth learn growth
// there, too, but go on by it straight, without compounding: between the two lie
// the trends by a power of the level in Smyl's local and global trend. Straight
// lines slow down where they would reach an end of the range. Methods with settings
// run many of them and average, each by its own past errors (see bank): no setting
// is ever chosen.
//
// What is usual is the middle of the mean changes of all series given. A series is
// drawn to it as an empirical Bayes estimate says: the more, the less growth differs
// from series to series and the more the series itself wavers.
//
// The weights are those that would have erred least at all earlier origins of all
// series given, late ones above all, held to a prior the more firmly the fewer the
// series. In company the prior leans on shared drift. The weights go from those for
// rough series, whose changes alternate, to those for smooth ones, whose changes
// persist, and lean to the methods that have erred less in the series itself. How
// far they lean is learned, too. An error counts in proportion to the value and to
// the usual change, which are the measures sMAPE and MASE; absolute errors, so that
// the point is a middle and not a mean. Over the sample and all generated series
// together no single method does better; in one kind of series one may, a little.
// Combining beats choosing, and what is learned from one short series alone proves
// little: Makridakis and others (2020) on the M4 competition, Petropoulos and
// Svetunkov (2020), Montero-Manso and Hyndman (2021).
//
// # The interval
//
// The errors of the mixture at all earlier origins are taken on the scale that
// suits the range. A regression over all series says how large they are usually,
// by step, past deviations and errors of the series, and how far the methods lie
// apart; the errors over that size give the quantiles, step by step (split
// conformal prediction, Vovk and others 2005, with normalised residuals). Both
// have a prior, which is all that a single short series has.
//
// # What is not done
//
// No forecast crosses a flagged break or a gap of three periods or more: what lies
// before is not used. A step that no other change of the series comes near is
// suspected to be a break and treated as one, and told. Shorter gaps are bridged
// by straight lines, and told. Seasons are not modelled.
package forecast

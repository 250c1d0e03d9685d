package main

import (
	"github.com/alecthomas/kong"

	"github.com/dabiao/dabiao/internal/indicator"
)

// cli is the command line: the flags that every command knows, then the commands.
type cli struct {
	Config  string `placeholder:"DIR"       help:"${config}" env:"DABIAO_CONFIG"`
	DataDir string `placeholder:"DIR"       help:"${data_dir}" env:"DABIAO_DATA_DIR"`
	Addr    string `placeholder:"HOST:PORT" help:"${addr}" default:"127.0.0.1:8080"`
	Lang    string `placeholder:"zh|en"     help:"${lang}" enum:"zh,en," default:""`
	JSON    bool   `name:"json"             help:"${json}"`

	Serve    serveCmd    `cmd:"" help:"${serve}"`
	Demo     demoCmd     `cmd:"" help:"${demo}"`
	Import   importCmd   `cmd:"" help:"${import}"`
	Publish  publishCmd  `cmd:"" help:"${publish}"`
	Withdraw withdrawCmd `cmd:"" help:"${withdraw}"`
	Revert   revertCmd   `cmd:"" help:"${revert}"`
	Coverage coverageCmd `cmd:"" help:"${coverage}"`
	Plans    plansCmd    `cmd:"" help:"${plans}"`
	Export   exportCmd   `cmd:"" help:"${export}"`
	Assess   assessCmd   `cmd:"" help:"${assess}"`
	Bundle   bundleCmd   `cmd:"" help:"${bundle}"`
	Forecast forecastCmd `cmd:"" help:"${forecast}"`
	Check    checkCmd    `cmd:"" help:"${check}"`
	Hash     hashCmd     `cmd:"" help:"${hash}"`
	Copy     copyCmd     `cmd:"" help:"${copy}"`
	User     userCmd     `cmd:"" help:"${user}"`
	Version  versionCmd  `cmd:"" help:"${version}"`
}

// texts are the words of the help.
var texts = map[string]indicator.Text{
	"description": indicator.T(
		"达标：区域工业指标看板。保存各地区数据的每一个版本，对照政策文件的目标逐项评估，在浏览器里查看。",
		"Dabiao: regional industrial indicators, kept in every version, assessed against the targets that policy documents state, shown in a browser."),
	"config": indicator.T(
		"目录、目标和设置所在的文件夹；其中没有的文件用内置的。InfluxDB 的令牌也可以放在环境变量 DABIAO_INFLUXDB_TOKEN 中",
		"folder of catalogue, targets and settings; files it lacks are the built-in ones. The token of InfluxDB may also stand in the environment variable DABIAO_INFLUXDB_TOKEN"),
	"data_dir": indicator.T("数据目录（默认 data；demo 为 data/demo）", "data directory (default data; for demo data/demo)"),
	"addr":     indicator.T("监听地址；端口 0 表示自动选择空闲端口，实际地址会打印出来", "address to listen on; port 0 picks a free one, and the address is printed"),
	"lang":     indicator.T("输出语言（默认按系统语言，否则中文）", "language of the output (default: the system's, else Chinese)"),
	"json":     indicator.T("输出供程序读取的 JSON", "print JSON for programs"),

	"serve":    indicator.T("启动服务器", "start the server"),
	"demo":     indicator.T("载入真实样本数据并启动演示", "load the real sample and start a demonstration"),
	"import":   indicator.T("导入数据文件（xlsx、xls、CSV）", "import files of readings (xlsx, xls, CSV)"),
	"publish":  indicator.T("发布待审核的报送批次，立即或定时", "publish a submitted upload, at once or at a moment"),
	"withdraw": indicator.T("撤下自己报送、尚未发布的批次", "withdraw an upload of one's own before it is published"),
	"revert":   indicator.T("撤回已发布的报送批次", "revert a published upload"),
	"coverage": indicator.T("报送情况：应报、按时、迟报、逾期的数据，及需要催报的", "coverage: what was due, on time, late and overdue, and what to ask for"),
	"plans":    indicator.T("列出、改名或删除导入方案", "list, rename or delete import plans"),
	"export":   indicator.T("导出已发布的数据（CSV、xlsx、SDMX-CSV）", "export published readings (CSV, xlsx, SDMX-CSV)"),
	"assess":   indicator.T("对照目标评估各地区", "assess regions against targets"),
	"check":    indicator.T("检查目录、目标、看板和设置，列出全部问题", "check catalogue, targets, dashboards and settings, and list every fault"),
	"hash":     indicator.T("计算整个账本的哈希：内容相同，哈希就相同", "print the hash of a whole ledger: equal content, equal hash"),
	"copy":     indicator.T("把整个账本复制到另一个账本，并核对两者一致", "copy a whole ledger into another one and prove them equal"),
	"connect":  indicator.T("再试账本能否使用：连接、令牌、存储桶、读写权限、保留期限和分片时长；不改动任何内容", "then try whether the ledger can be used: contact, token, bucket, rights, retention, shard duration; changes nothing"),
	"user":     indicator.T("管理账户", "manage accounts"),
	"version":  indicator.T("打印版本", "print the version"),

	"real_only": indicator.T("不载入示例（生成的）数据", "leave the generated example readings out"),
	"demo_now":  indicator.T("把时钟固定在这一天，用于截图和测试", "fix the clock on this day, for pictures and tests"),

	"files":            indicator.T("要导入的文件", "the files to import"),
	"import_indicator": indicator.T("指标代码，文件中没有写明时必填", "indicator code, needed where the file does not say it"),
	"import_unit":      indicator.T("单位，如 亿元、%、家，文件中没有写明时必填", "unit, such as 亿元, % or 家, needed where the file does not say it"),
	"import_region":    indicator.T("地区代码或名称，文件中没有写明时必填", "region code or name, needed where the file does not say it"),
	"import_year":      indicator.T("报告期，如 2024，文件中没有写明时必填", "period, such as 2024, needed where the file does not say it"),
	"import_encoding":  indicator.T("文本的编码，预览是乱码时填写：utf-8、gb18030（含 GBK、GB2312）、big5、utf-16le、utf-16be（默认自动识别）", "encoding of a text, where the preview is not legible: utf-8, gb18030 (also for GBK and GB2312), big5, utf-16le or utf-16be (default: recognised)"),
	"import_sheet":     indicator.T("工作表名称或序号，文件含几个有数据的表时必填", "name or number of the sheet, needed where several hold data"),
	"import_layout":    indicator.T("版式，表头可以按几种方式读取时必填：long、wide_by_years、wide_by_regions、wide_by_indicators 等", "layout, needed where a header can be read in several: long, wide_by_years, wide_by_regions, wide_by_indicators and so on"),
	"import_header":    indicator.T("表头所在的行，如 4 或 4-5；没有表头写 0", "row or rows of the header, such as 4 or 4-5; 0 where there is none"),
	"import_column":    indicator.T("一列是什么，如 A=地区、C=数值、D=rd_spend、E=2023、F=亿元、G=忽略，列也可用表头指明；可重复", "what a column is, by its letter or header, such as A=region, C=value, D=rd_spend, E=2023, F=亿元, G=ignored; may be repeated"),
	"import_skip":      indicator.T("没有数据的行，如 12、20-22、37-（到末尾）；可重复", "rows that hold no readings, such as 12, 20-22 or 37- (to the end); may be repeated"),
	"import_name":      indicator.T("文件中的名称指哪个地区、指标或单位，如 福健=350000；可重复", "what region, indicator or unit a name in the file stands for, such as 福健=350000; may be repeated"),
	"import_mark":      indicator.T("表中无数值的符号的含义，如 '…=N'；可重复（默认 M）", "what a sign without a value means, such as '…=N'; may be repeated (default M)"),
	"import_status":    indicator.T("数据状态 A、P、E、B（默认 A）", "observation status A, P, E or B (default A)"),
	"import_source":    indicator.T("数据来源", "where the figures come from"),
	"import_stage":     indicator.T("数据阶段：快报、初步核算、最终核实、年报、普查修订", "stage: 快报, 初步核算, 最终核实, 年报 or 普查修订"),
	"import_released":  indicator.T("公布日期，补录历史数据时填写（默认为发布时刻）", "day the figures became public, for older figures loaded later (default: the moment of publishing)"),
	"import_reason":    indicator.T("修订原因，改动已发布的数据时必填", "reason of a revision, needed where a published value changes"),
	"import_plan":      indicator.T("按这个导入方案读取（名称或编号）；none 不使用方案（默认：同样的文件上次报送时的方案）", "read by this import plan (its name or id); none: by none (default: that of files of the same shape)"),
	"as":               indicator.T("以此账户名义（默认为操作系统用户）", "in the name of this user (default: the user of the operating system)"),
	"import_explain":   indicator.T("说明：审核提示要求核实、而数据无误时必填", "explanation of what the checks ask about (query), where the data are right"),
	"import_annotated": indicator.T("把表格连同问题写成一个 xlsx 文件：有问题的单元格着色并加批注，改好后可直接导入", "write the table with its problems to an xlsx FILE: cells coloured and commented, to mend and import"),
	"import_draft":     indicator.T("只保存为草稿，不提交", "keep as a draft, do not submit"),
	"dry_run":          indicator.T("只检查，不保存任何内容", "check only, keep nothing"),

	"coverage_indicator": indicator.T("只看这个指标，按地区列出", "only this indicator, by region"),
	"coverage_region":    indicator.T("只看这个地区（代码；默认各省）", "only this region (its code; default: the provinces)"),
	"coverage_xlsx":      indicator.T("把需要催报的写成一个 xlsx 文件", "write what to ask for to an xlsx FILE"),

	"plans_list":   indicator.T("列出导入方案", "list the import plans"),
	"plans_rename": indicator.T("改名", "give a plan another name"),
	"plans_delete": indicator.T("删除；已报送的文件不受影响", "delete a plan; files that were uploaded are not touched"),
	"plan_name":    indicator.T("方案的名称或编号", "name or id of the plan"),
	"plan_new":     indicator.T("新名称", "new name"),
	"plans_details": indicator.T(
		"文件没有写明、报送时说明的内容（指标、单位、工作表、版式等），在提交后按文件的标题和表头记为导入方案。下一个同样的文件按它读取，不再询问，并与上一个文件比较。年份和不是数据的行不记入方案。",
		"What a file does not say and a person said (indicator, unit, sheet, layout and so on) is kept as an import plan under the file's titles and header, once the file is submitted. The next such file is read by it without a question and compared with the last one. Years and rows that are no data are never kept."),

	"upload_id":     indicator.T("报送批次编号", "id of the upload"),
	"publish_at":    indicator.T("定时发布的时间，如 2026-12-01T09:00（未写时区为北京时间），至多一年以后；到时由运行中的服务器发布", "publish at this moment, such as 2026-12-01T09:00 (Shanghai's time where no zone is given), at most a year ahead; a running server does it then"),
	"unschedule":    indicator.T("撤销定时发布，该批次仍待审核", "take the approval for a later moment back; the upload is submitted as before"),
	"revert_reason": indicator.T("撤回的原因", "why it is reverted"),

	"export_format":  indicator.T("格式：csv、xlsx（每个指标一张表，附说明）或 sdmx（SDMX-CSV 2.0）", "format: csv, xlsx (a sheet for each indicator, with notes) or sdmx (SDMX-CSV 2.0)"),
	"export_labels":  indicator.T("sdmx 中代码的名称：id 不带，name 另列，both 同列", "names of codes in sdmx: id none, name in columns of their own, both in the same"),
	"export_output":  indicator.T("写入文件（默认标准输出）", "write to this file (default: standard output)"),
	"indicators":     indicator.T("只要这些指标，可重复", "only these indicators, may be repeated"),
	"regions":        indicator.T("只要这些地区（代码），可重复", "only these regions (codes), may be repeated"),
	"from":           indicator.T("从这一报告期起", "from this period on"),
	"to":             indicator.T("到这一报告期止", "up to this period"),
	"as_of":          indicator.T("版本时点：按这一天公布的数据", "as of: the figures public on this day"),
	"as_of_period":   indicator.T("评估报告期：只用到这一期为止的数据", "as-of period: use readings up to this period only"),
	"catalogue":      indicator.T("用这一版目录（哈希）评估", "assess with this catalogue (its hash)"),
	"ledger_version": indicator.T("账本版本（默认当前）", "version of the ledger (default: the current one)"),
	"vintages":       indicator.T("列出每个数据版本及其批次和公布时间", "every vintage, with its upload and moment of release"),
	"bom":            indicator.T("以 BOM 开头，便于旧版 Excel 打开", "begin with a BOM, for old versions of Excel"),
	"targets":        indicator.T("只要这些目标（编号），可重复", "only these targets (ids), may be repeated"),
	"method":         indicator.T("评估方法，如 pace、pace@1；all 为全部方法", "method of assessment, such as pace or pace@1; all: one verdict by each"),
	"assess_csv":     indicator.T("输出 CSV", "print CSV"),
	"assess_compare": indicator.T("比较两个时点的评估，如 --compare 2024-06-01 2025-06-01：列出有变化的，并说明是新数据、修订、撤回、目标调整、方法换版还是时点推移所致", "compare the verdicts of two moments, such as --compare 2024-06-01 2025-06-01: list those that changed, and whether new readings, revisions, readings taken back, target changes, the method or the passing of time did it"),
	"assess_targets": indicator.T("自备目标的 CSV 文件，与 --data 一起使用，不需要目录和数据目录（见上文）", "CSV of your own targets, with --data: no catalogue and no data directory are needed (see above)"),
	"assess_data":    indicator.T("自备数据的 CSV 文件：indicator,region,period,value", "CSV of your own readings: indicator,region,period,value"),
	"assess_details": indicator.T(
		"对照政策目标评估账本中的数据；加上 --targets 和 --data 则评估自备的两个 CSV 文件，不用目录和数据目录。两个文件的列可按任意顺序，可有其他列；逗号、分号、制表符分隔均可；- 表示标准输入。\n\n"+
			"数据：indicator,region,period,value。一行一个数据；只用年度数据；数值留空表示没有数据；可另有 status 列（B 表示口径变动）。\n\n"+
			"目标：target,indicator,region,kind,direction,value,by,baseline,tolerance,from,until。region 留空或写 *，表示有该指标数据的所有地区。kind 为：\n\n"+
			"reach 到 by 年达到 value（direction 为 up：不低于；down：不高于）；hold 每期保持：有 value 无 tolerance 为界限，有 tolerance（如 1 或 5%）为 value 上下的区间，没有 value 则为基期上下的区间；grow 自 from 年至 until 年年均增长百分之 value；direction 按 direction 的方向变化；statement 定性表述，不评估。baseline 写年份，或写明数值：2019=4811。\n\n"+
			"除 grow 外，from 为目标开始生效的年份。until 对 hold、direction 是目标的最后一年（hold 留空时用 by），该年数据公布后结论不再改变；对 reach，早于 by 的 until 是最后有效的年份。该类目标用不到的列不读取。",
		"Assesses the ledger's readings against the targets of policy documents; with --targets and --data two CSV files of your own, without catalogue and data directory. Their columns stand in any order beside any others, divided by commas, semicolons or tabs; - reads standard input.\n\n"+
			"Readings: indicator,region,period,value. One a row; yearly ones are used; an empty value is no reading; a column status may mark a break (B).\n\n"+
			"Targets: target,indicator,region,kind,direction,value,by,baseline,tolerance,from,until. An empty region, or *, is every region with readings of the indicator. The kind is:\n\n"+
			"reach: to be at value by the year by (direction up: at least, down: at most); hold: to be kept every period, a bound where there is value without tolerance, with tolerance (1, or 5%) a band around value, without value one around the baseline; grow: value per cent a year from the year from to the year until; direction: to move up or down; statement: words only, never assessed. baseline is a year, or states its value: 2019=4811.\n\n"+
			"Except for grow, from is the year in which the target comes into force. until is the last year of a hold (where it is empty: by) or direction target, judged for ever once the reading of that year is out; for reach one before by is the last year in force. Columns that a kind has no use for are not read."),
	"bundle":       indicator.T("导出全部评估结果及其依据，附逐项重算的脚本", "write every verdict with what it rests on, and scripts to replay it"),
	"bundle_out":   indicator.T("写入这个文件（zip）", "write to this file (zip)"),
	"check_repair": indicator.T("找出账本里缺失或损坏的数据，用这里保存的草稿补回", "find readings that the ledger has lost or spoiled, and give them back from the drafts kept here"),

	"forecast":          indicator.T("预测任意 CSV 中的序列，或检验预测的准确度", "forecast the series of any CSV, or test how good the forecasts are"),
	"forecast_file":     indicator.T("CSV 文件，每行一个数据：series,period,value；- 表示标准输入", "CSV with one value a row: series,period,value; - reads standard input"),
	"forecast_horizon":  indicator.T("预测多少期", "how many periods ahead"),
	"forecast_level":    indicator.T("预测区间的水平，百分数", "level of the intervals, per cent"),
	"forecast_min":      indicator.T("全部序列的下限（默认：没有负值的序列不低于 0；-inf 表示没有下限）", "lower end of the range of all series (default: 0 for those without a negative value; -inf is none)"),
	"forecast_max":      indicator.T("全部序列的上限，如份额的 100", "upper end of the range, such as 100 for shares"),
	"forecast_format":   indicator.T("格式：csv 或 json", "format: csv or json"),
	"forecast_backtest": indicator.T("不预测未来，而是留出每个序列最后几期来检验：sMAPE、MASE、区间得分 MSIS 和覆盖率", "forecast nothing new, but hold out the last periods of every series and print sMAPE, MASE, interval score (MSIS) and coverage"),
	"forecast_origins":  indicator.T("检验时的起点数，每个提前一期；1 即 M 竞赛的做法", "origins of the test, one period apart; 1 is what the M competitions do"),
	"forecast_details": indicator.T(
		"读取每行一个数据的 CSV：series,period,value（也可写作 序列、年份、数值；series 也可由 indicator、region 两列组成）。报告期写作 2024、2024-Q3 或 2024-07；数值留空表示缺失；status 列为 B 表示口径变动，此前的数据不再使用。季节变动不作处理。\n\n"+
			"输出 series,period,mean,lower,upper,model，序列按首次出现的顺序。每个序列由多种方法加权合成，权重由全部序列和该序列自身过去的预测误差决定；区间由这些误差得出。model 列写明权重最大的方法，以及未使用的早期数据（from）和用直线补上的缺失期（bridged）。",
		"Reads a CSV with one value a row: series,period,value (indicator and region may stand for series). Periods are written like 2024, 2024-Q3 or 2024-07; an empty value is a gap; B in a column status is a break, and what lies before it is not used. Seasons are not modelled.\n\n"+
			"Prints series,period,mean,lower,upper,model, series in the order in which they first appear. Each series is forecast by several methods, weighted; past errors over all series and of the series itself decide the weights, and give the intervals. The column model names the heaviest methods, and says where early values were not used (from) and which missing periods a straight line fills (bridged)."),

	"hash_url":  indicator.T("账本地址（默认为所配置的账本）；写法见 dabiao copy --help", "the ledger's URL (default: the configured one); see dabiao copy --help"),
	"copy_from": indicator.T("来源账本的地址", "URL of the source"),
	"copy_to":   indicator.T("目标账本的地址，须是空的或上次未复制完的；没有就新建", "URL of the target, empty or left by an earlier copy; made where there is none"),
	"copy_details": indicator.T(
		"地址写作 sqlite:PATH，或 influxdb+http://HOST:PORT/ORG/BUCKET（也可 influxdb+https://）；InfluxDB 1.x 写作 …/-/DATABASE/POLICY。名称里的 / ? # % @ 写作 %2F %3F %23 %25 %40。令牌只从文件读取，1.x 的令牌是 USER:PASSWORD。\n\n"+
			"复制全部报送批次的全部数据版本，编号、顺序、时间和撤回都不变。中断后再次运行同一命令即可继续。目标里有来源没有的批次时，不写入任何内容。复制时来源可以照常使用：期间发布的也会复制；核对时才发布的会说明，再运行一次即可。",
		"A URL is sqlite:PATH or influxdb+http://HOST:PORT/ORG/BUCKET (or influxdb+https://), for InfluxDB 1.x …/-/DATABASE/POLICY. In names write / ? # % @ as %2F %3F %23 %25 %40. Tokens are read from files only; that of 1.x is USER:PASSWORD.\n\n"+
			"All vintages of all uploads are copied, with their ids, order, moments and reverts. An interrupted copy goes on when the same command is run again. A target with an upload that the source does not have is left alone. The source may be in use: what is published meanwhile comes too, and what comes while both are compared is told: run the command again."),
	"from_token_file": indicator.T("来源的令牌文件（InfluxDB）", "file with the source's token (InfluxDB)"),
	"to_token_file":   indicator.T("目标的令牌文件（InfluxDB）", "file with the target's token (InfluxDB)"),
	"token_file":      indicator.T("令牌文件（InfluxDB）", "file with the token (InfluxDB)"),
	"ca_file":         indicator.T("除系统自带之外信任的证书颁发机构（PEM 文件）", "authorities to trust beside the system's (PEM file)"),

	"user_add":      indicator.T("新建账户", "add an account"),
	"user_list":     indicator.T("列出账户", "list the accounts"),
	"user_name":     indicator.T("账户名", "name of the account"),
	"user_role":     indicator.T("角色", "role"),
	"user_region":   indicator.T("所属地区代码，含下级；可重复，不填为全国", "region code, with all that lies under it; may be repeated; none: the whole country"),
	"user_password": indicator.T("从文件第一行读密码（默认在终端询问；没有终端则生成并打印一次）", "read the password from the first line of this file (default: ask on the terminal; without one, make one up and print it once)"),
}

func helpVars(lang indicator.Lang) kong.Vars {
	vars := kong.Vars{}
	for key, text := range texts {
		vars[key] = text.In(lang)
	}
	return vars
}

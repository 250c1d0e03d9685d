package influx

import (
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Name is a check in words.
func (c Check) Name() indicator.Text {
	return map[Check]indicator.Text{
		Reachable:   indicator.T("连接", "reachable"),
		TokenTaken:  indicator.T("令牌", "token"),
		BucketThere: indicator.T("存储桶", "bucket"),
		MayRead:     indicator.T("可读", "may read"),
		MayWrite:    indicator.T("可写", "may write"),
		KeepsAll:    indicator.T("保留期限", "retention"),
		OneShard:    indicator.T("分片时长", "shard duration"),
	}[c]
}

// Name is a state in words.
func (s State) Name() indicator.Text {
	return map[State]indicator.Text{
		Right:   indicator.T("正常", "right"),
		Wrong:   indicator.T("有问题", "wrong"),
		Unknown: indicator.T("未知", "unknown"),
	}[s]
}

func (l *Ledger) unreachable(err error) indicator.Text {
	why := reason(err)
	return indicator.T(
		"InfluxDB "+l.options.URL+" 没有正常应答："+why+"。请检查地址、端口、证书，以及服务器是否在运行。",
		"InfluxDB at "+l.options.URL+" does not answer as it should: "+why+"; check the address, the port, the certificate, and that the server runs")
}

func (l *Ledger) tokenRefused() indicator.Text {
	if l.options.Token == "" {
		return indicator.T(
			"InfluxDB "+l.options.URL+" 要求令牌，但没有给出。请写入令牌文件或环境变量（1.x 为 用户名:密码）。",
			"InfluxDB at "+l.options.URL+" wants a token and none is given: put it into the token file or the environment variable (for 1.x USER:PASSWORD)")
	}
	return indicator.T(
		"InfluxDB "+l.options.URL+" 不接受这个令牌。请更换令牌文件或环境变量里的令牌（1.x 为 用户名:密码）。",
		"InfluxDB at "+l.options.URL+" does not accept the token: give another one in the token file or the environment variable (for 1.x USER:PASSWORD)")
}

// noBucket says what to do about a missing bucket before anybody has tried to
// create it; said is how the server told.
func (l *Ledger) noBucket(p product, said error) indicator.Text {
	if text, ok := l.noOrg(p, said); ok {
		return text
	}
	command := command(p, l.options, lacksPolicy(said))
	return indicator.T(
		"没有存储桶“"+l.options.Bucket+"”。令牌有权时，下次启动会自动创建；否则请由管理员执行：\n"+command,
		"there is no bucket \""+l.options.Bucket+"\": the next start creates it where the token may, else let an administrator run\n"+command)
}

// mayNotCreate says what to do after err was the answer to creating the bucket.
func (l *Ledger) mayNotCreate(p product, said, err error) indicator.Text {
	if text, ok := l.noOrg(p, said); ok {
		return text
	}
	command := command(p, l.options, lacksPolicy(said))
	return indicator.T(
		"没有存储桶“"+l.options.Bucket+"”，创建没有成功（"+reason(err)+"）。请由管理员执行：\n"+command,
		"there is no bucket \""+l.options.Bucket+"\", and creating it did not work ("+reason(err)+"); let an administrator run\n"+command)
}

// noOrg is for a server that does not know the organisation either.
func (l *Ledger) noOrg(p product, said error) (text indicator.Text, ok bool) {
	if p.hasDatabases() || !strings.Contains(said.Error(), "organization name") {
		return text, false
	}
	return indicator.T(
		"InfluxDB "+l.options.URL+" 没有组织“"+l.options.Org+"”。请核对 org。",
		"InfluxDB at "+l.options.URL+" has no organisation \""+l.options.Org+"\": check org"), true
}

func (l *Ledger) noRight(what indicator.Text) indicator.Text {
	return indicator.T(
		"令牌无权"+what.ZH+"存储桶“"+l.options.Bucket+"”。请授予读写权限，或更换令牌。",
		"the token may not "+what.EN+" the bucket \""+l.options.Bucket+"\": give it the rights to read and write it, or use another token")
}

func (l *Ledger) forgets(after time.Duration) indicator.Text {
	return indicator.T(
		"存储桶“"+l.options.Bucket+"”只保留 "+lengthOf(after).ZH+"，更早的数据会被删除。请改为永久保留。",
		"the bucket \""+l.options.Bucket+"\" deletes what is older than "+lengthOf(after).EN+": set its retention to infinite")
}

func (l *Ledger) shortShards(p product, shard time.Duration) indicator.Text {
	other := l.options
	database, policy, named := strings.Cut(other.Bucket, "/")
	if other.Bucket = database + "-new"; named {
		other.Bucket += "/" + policy
	}
	command := command(p, other, false)
	return indicator.T(
		"分片时长是 "+lengthOf(shard).ZH+"，应为 "+lengthOf(shardLength).ZH+
			"：否则读得慢，服务器崩溃时会丢失写到一半的数据。已有的桶不去改动，请另建一个，再用 dabiao copy 搬过去：\n"+command,
		"the shard duration is "+lengthOf(shard).EN+" instead of "+lengthOf(shardLength).EN+
			": reads are slow, and a crash of the server tears what is being written; a bucket with data in it is not altered, create another one and move the readings with dabiao copy:\n"+command)
}

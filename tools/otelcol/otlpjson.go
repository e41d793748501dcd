package main

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// otlpJSON stands for contrib's connector of that name, which no module proxy that the tests can count on serves. It does the part of that connector's contract that the
// configuration uses: the body of each log record is a document of OTLP in JSON, and becomes the spans in it.
func otlpJSON() connector.Factory {
	return connector.NewFactory(
		component.MustNewType("otlpjson"),
		func() component.Config { return &struct{}{} },
		connector.WithLogsToTraces(
			func(_ context.Context, _ connector.Settings, _ component.Config, next consumer.Traces) (connector.Logs, error) {
				return &spansOfBodies{next: next}, nil
			},
			component.StabilityLevelAlpha,
		),
	)
}

type spansOfBodies struct {
	component.StartFunc
	component.ShutdownFunc
	next consumer.Traces
}

func (*spansOfBodies) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{}
}

func (c *spansOfBodies) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	var failures []error
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				spans, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(record.Body().AsString()))
				if err == nil {
					err = c.next.ConsumeTraces(ctx, spans)
				}
				failures = append(failures, err)
			}
		}
	}
	return errors.Join(failures...)
}

//! A dashboard of Grafana as data, and its JSON.

use serde_json::{Value, json};

/// The columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// The height of a panel in rows of the grid.
const HEIGHT: u32 = 8;

/// The height of a panel with a single number.
const STAT_HEIGHT: u32 = 4;

/// A dashboard.
pub(super) struct Dashboard {
    /// The name of its file, and a part of its address.
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) rows: Vec<(&'static str, Vec<Panel>)>,
}

/// A panel.
pub(super) struct Panel {
    title: String,
    kind: Kind,
    unit: &'static str,
    /// The queries, each with its legend.
    queries: Vec<(String, &'static str)>,
    limit: Option<Limit>,
}

/// The form of a panel.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Lines,
    /// Lines on top of each other, which add up.
    Areas,
    /// A number.
    Stat,
    /// The values of now, a row each.
    Table,
}

/// The value beyond which a panel is red.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    Above(f64),
    Below(f64),
}

impl Panel {
    /// Creates a panel with one query.
    pub(super) fn new(
        kind: Kind,
        unit: &'static str,
        title: &str,
        query: impl Into<String>,
        legend: &'static str,
    ) -> Self {
        Self { title: title.to_owned(), kind, unit, queries: vec![(query.into(), legend)], limit: None }
    }

    /// Adds a query.
    pub(super) fn and(mut self, query: impl Into<String>, legend: &'static str) -> Self {
        self.queries.push((query.into(), legend));
        self
    }

    /// Marks the values beyond a limit.
    pub(super) fn limit(mut self, limit: impl Into<Option<Limit>>) -> Self {
        self.limit = limit.into();
        self
    }

    fn height(&self) -> u32 {
        if matches!(self.kind, Kind::Stat) { STAT_HEIGHT } else { HEIGHT }
    }

    fn render(&self, id: usize, [x, y, width]: [u32; 3]) -> Value {
        let instant = matches!(self.kind, Kind::Stat | Kind::Table);
        let target = |(index, (expr, legend)): (usize, &(String, &str))| {
            let name = char::from(b'A' + u8::try_from(index).unwrap_or_default()).to_string();
            let format = if matches!(self.kind, Kind::Table) { "table" } else { "time_series" };
            json!({ "refId": name, "datasource": datasource(), "expr": expr, "legendFormat": legend, "instant": instant, "range": !instant, "format": format })
        };
        let targets: Vec<Value> = self.queries.iter().enumerate().map(target).collect();
        let (kind, custom) = match self.kind {
            Kind::Lines => ("timeseries", json!({ "thresholdsStyle": { "mode": "line" } })),
            Kind::Areas => ("timeseries", json!({ "fillOpacity": 30, "stacking": { "mode": "normal" } })),
            Kind::Stat => ("stat", json!({})),
            Kind::Table => ("table", json!({})),
        };
        let steps = match self.limit {
            None => json!([{ "color": "green", "value": null }]),
            Some(Limit::Above(limit)) => {
                json!([{ "color": "green", "value": null }, { "color": "red", "value": limit }])
            }
            Some(Limit::Below(limit)) => {
                json!([{ "color": "red", "value": null }, { "color": "green", "value": limit }])
            }
        };
        json!({
            "id": id,
            "type": kind,
            "title": self.title,
            "datasource": datasource(),
            "gridPos": { "x": x, "y": y, "w": width, "h": self.height() },
            "targets": targets,
            "fieldConfig": { "defaults": { "unit": self.unit, "custom": custom, "thresholds": { "mode": "absolute", "steps": steps } }, "overrides": [] },
            "options": {},
        })
    }
}

impl Dashboard {
    /// Returns the JSON that Grafana imports.
    pub(super) fn render(&self) -> Value {
        let (mut panels, mut y) = (Vec::new(), 0);
        for (title, row) in &self.rows {
            let id = panels.len() + 1;
            let position = json!({ "x": 0, "y": y, "w": COLUMNS, "h": 1 });
            panels.push(json!({ "id": id, "type": "row", "title": title, "gridPos": position, "collapsed": false, "panels": [] }));
            y += 1;
            let width = COLUMNS / u32::try_from(row.len()).unwrap_or(1).clamp(1, 4);
            let (mut x, mut height) = (0, 0);
            for panel in row {
                if x + width > COLUMNS {
                    (x, y, height) = (0, y + height, 0);
                }
                panels.push(panel.render(panels.len() + 1, [x, y, width]));
                (x, height) = (x + width, height.max(panel.height()));
            }
            y += height;
        }
        json!({
            "uid": format!("spindle-{}", self.name),
            "title": self.title,
            "description": self.description,
            "tags": ["spindle"],
            "schemaVersion": 39,
            "editable": false,
            "refresh": "30s",
            "time": { "from": "now-6h", "to": "now" },
            "timezone": "browser",
            "templating": { "list": [{ "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus" }] },
            "links": [{ "type": "dashboards", "title": "Spindle", "tags": ["spindle"], "asDropdown": true, "keepTime": true }],
            "panels": panels,
        })
    }
}

/// Returns the data source that a variable of the dashboard selects.
fn datasource() -> Value {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

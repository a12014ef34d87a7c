//! What a PromQL expression asks for: metrics, and the labels by which it picks, groups and joins.

use std::collections::BTreeSet;

use promql_parser::label::{MatchOp, Matchers};
use promql_parser::parser::{self, Expr, LabelModifier, VectorSelector};

/// What an expression reads.
#[derive(Debug, Default)]
pub struct Query {
    pub selectors: Vec<Selector>,
    /// Labels of `by`, `without`, `on`, `ignoring`, `group_left` and `group_right`, each with the metrics below it.
    pub grouped: Vec<(String, BTreeSet<String>)>,
}

/// A metric, and how its series are picked.
#[derive(Debug)]
pub struct Selector {
    pub metric: String,
    pub picks: Vec<Pick>,
}

/// A label and the values that are wanted of it.
#[derive(Debug)]
pub struct Pick {
    pub label: String,
    /// Alternatives of a regular expression, or one text; of a negation those that are not wanted.
    pub values: Vec<String>,
}

impl Query {
    /// Parses it as Prometheus does. A dashboard's variables are replaced by what Grafana would put there.
    pub fn parse(expression: &str) -> Self {
        let plain = expression
            .replace("$__rate_interval", "5m")
            .replace("$__range", "3h");
        let parsed = parser::parse(&plain).unwrap_or_else(|wrong| panic!("{wrong}: {expression}"));
        let mut query = Self::default();
        query.read(&parsed);
        query
    }

    /// The metrics of a part, which are added to the whole.
    fn read(&mut self, expression: &Expr) -> BTreeSet<String> {
        match expression {
            Expr::Aggregate(aggregate) => {
                let metrics = self.read(&aggregate.expr);
                if let Some(parameter) = &aggregate.param {
                    self.read(parameter);
                }
                self.group(aggregate.modifier.as_ref(), &metrics);
                metrics
            }
            Expr::Binary(binary) => {
                let mut metrics = self.read(&binary.lhs);
                metrics.extend(self.read(&binary.rhs));
                if let Some(modifier) = &binary.modifier {
                    self.group(modifier.matching.as_ref(), &metrics);
                    for label in modifier
                        .card
                        .labels()
                        .into_iter()
                        .flat_map(|all| &all.labels)
                    {
                        self.grouped.push((label.clone(), metrics.clone()));
                    }
                }
                metrics
            }
            Expr::Unary(unary) => self.read(&unary.expr),
            Expr::Paren(inner) => self.read(&inner.expr),
            Expr::Subquery(inner) => self.read(&inner.expr),
            Expr::Call(call) => {
                let parts = call.args.args.iter().map(|part| self.read(part));
                parts.flatten().collect()
            }
            Expr::VectorSelector(selector) => self.select(selector),
            Expr::MatrixSelector(selector) => self.select(&selector.vs),
            Expr::NumberLiteral(_) | Expr::StringLiteral(_) => BTreeSet::new(),
            Expr::Extension(_) => panic!("PromQL has no extensions"),
        }
    }

    fn group(&mut self, modifier: Option<&LabelModifier>, metrics: &BTreeSet<String>) {
        for label in modifier.into_iter().flat_map(|all| &all.labels().labels) {
            self.grouped.push((label.clone(), metrics.clone()));
        }
    }

    fn select(&mut self, selector: &VectorSelector) -> BTreeSet<String> {
        let metric = selector.name.clone();
        let metric = metric.expect("a selector names its metric: only so it can be looked up");
        self.selectors.push(Selector {
            picks: picks(&selector.matchers),
            metric: metric.clone(),
        });
        BTreeSet::from([metric])
    }
}

fn picks(matchers: &Matchers) -> Vec<Pick> {
    assert!(
        matchers.or_matchers.is_empty(),
        "Prometheus has no `or` there"
    );
    let of = |matcher: &promql_parser::label::Matcher| Pick {
        label: matcher.name.clone(),
        values: match &matcher.op {
            MatchOp::Equal | MatchOp::NotEqual => vec![matcher.value.clone()],
            MatchOp::Re(_) | MatchOp::NotRe(_) => {
                matcher.value.split('|').map(str::to_owned).collect()
            }
        },
    };
    matchers.matchers.iter().map(of).collect()
}

import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { graphView } from "@web/views/graph/graph_view";

/** Bars at their distance in time: a week without money keeps its place, where Odoo would leave it out. */
export class WeeksGraphModel extends GraphModel {
    _getProcessedDataPoints() {
        const { groupBy, mode, order } = this.metaData;
        const isInTime = groupBy.length === 1 && Boolean(groupBy[0].interval);
        // In an order of amounts, or in slices, nothing stands at a distance.
        if (mode !== "bar" || !isInTime || order !== null) {
            return super._getProcessedDataPoints();
        }
        return this.dataPoints;
    }
}

registry.category("views").add("collection_weeks_graph", { ...graphView, Model: WeeksGraphModel });

import { defineTool, z } from 'claw/tool';

interface Condition {
  temp_C: string;
  FeelsLikeC: string;
  humidity: string;
  windspeedKmph: string;
  weatherDesc?: { value: string }[];
}
interface Day {
  date: string;
  mintempC: string;
  maxtempC: string;
  hourly?: { time: string; chanceofrain?: string; weatherDesc?: { value: string }[] }[];
}
interface Report {
  current_condition?: Condition[];
  nearest_area?: { areaName?: { value: string }[]; country?: { value: string }[] }[];
  weather?: Day[];
}

const words = (list: { value: string }[] | undefined): string => list?.[0]?.value.trim() ?? '';

function dayLine({ date, mintempC, maxtempC, hourly = [] }: Day): string {
  const noon = hourly.find(({ time }) => time === '1200') ?? hourly[0];
  const rain = Math.max(0, ...hourly.map(({ chanceofrain }) => Number(chanceofrain ?? 0)));
  return `${date}: ${mintempC} to ${maxtempC} °C, ${words(noon?.weatherDesc) || 'no description'}, rain up to ${rain} %`;
}

export default defineTool({
  name: 'weather',
  description: 'The weather of a place now and for three days.',
  input: z.object({ place: z.string().min(1).max(200).describe('Seoul or Paris, France.') }),
  permissions: { net: ['wttr.in'], host: ['settings'] },
  idempotent: true,
  provenance: 'web',
  async run({ place }, ctx) {
    const { weather_base_url: base } = (await ctx.host('settings').call('get')) as { weather_base_url: string };
    const response = await ctx.fetch(`${base.replace(/\/$/, '')}/${encodeURIComponent(place)}?format=j1`);
    if (response.status === 404) throw new Error(`no place named ${place} is known`);
    if (!response.ok) throw new Error(`the weather service answered with status ${response.status}`);
    const {
      current_condition: [now] = [],
      nearest_area: [area] = [],
      weather = [],
    } = (await response.json()) as Report;
    if (now === undefined) throw new Error('the weather service gave no report');
    const where = [words(area?.areaName), words(area?.country)].filter((word) => word !== '').join(', ');
    const present = `${words(now.weatherDesc)}, ${now.temp_C} °C (feels like ${now.FeelsLikeC}), humidity ${now.humidity} %, wind ${now.windspeedKmph} km/h`;
    return [`${where === '' ? place : where}: ${present}`, ...weather.slice(0, 3).map(dayLine)].join('\n');
  },
});

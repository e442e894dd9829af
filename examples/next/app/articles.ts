/** What the server knows. In an app of your own: files, a CMS or a database. */
export interface Article {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export const articles: readonly Article[] = [
  {
    id: 'unlock',
    title: 'Unlocking a bicycle',
    text: 'Scan the code on the handlebar and pull the lever within thirty seconds. If the bolt is stuck, push the rear wheel a little back and forth while you pull: the spokes may be pressing against it. A lamp that blinks red means that somebody else has reserved this bicycle.',
  },
  {
    id: 'two-charges',
    title: 'Why two amounts appear on a statement',
    text: 'Before the first ride of a day your bank sets a deposit of five euros aside. It is no payment, and the bank gives it back within three working days. Until then it stands beside the fare, so that the same ride seems to have been paid twice.',
  },
  {
    id: 'left-behind',
    title: 'Things left in the basket',
    text: 'Call us as soon as you notice, whatever the hour: we can keep the bicycle from being hired again until a member of the crew has looked. What is found waits for you at the depot in Mill Lane for four weeks.',
  },
  {
    id: 'children',
    title: 'Riding with children',
    text: 'Riders must be fourteen or older. Younger ones may travel in the seat of a cargo bicycle, two at most and up to thirty kilograms each, with the belt fastened. Helmets hang in the box under the bench at every station.',
  },
  {
    id: 'puncture',
    title: 'A tyre goes flat on the way',
    text: 'Stop where it is safe and end the ride in the app with the reason “damaged”; you do not pay for it. The nearest working bicycle is shown at once, and its first half hour is free. Please do not push the broken one to a station, the crew fetches it.',
  },
  {
    id: 'full-station',
    title: 'No free dock at the station',
    text: 'Hold your card against the post of a station that is full. You get fifteen minutes more for nothing, and the map shows where docks are empty. In the city centre they usually are on the far side of the river in the morning, and on this side after five.',
  },
  {
    id: 'winter',
    title: 'Snow, ice and storms',
    text: 'When roads are icy or gusts pass seventy kilometres an hour we lock all bicycles until it is safe again. A ride that has begun can be ended anywhere. Monthly passes are extended by each day that was lost.',
  },
  {
    id: 'cancel',
    title: 'Ending a subscription',
    text: 'Open your account, choose “Plan” and then “Leave”. It runs until the month that you have paid for is over. Nothing is renewed afterwards, and credit that is left goes back to where it came from.',
  },
  {
    id: 'data',
    title: 'What we know of your journeys',
    text: 'Where a ride began and ended is kept for ninety days, because disputes about fares can be raised for that long. The way between is never recorded. You may have it all erased sooner: ask at any time, from the account page.',
  },
  {
    id: 'crash',
    title: 'After an accident',
    text: 'See to the injured and call 112 first. Then report it in the app, with pictures if you can. Everybody on one of our bicycles is insured for what they do to others, up to five million euros; your own injuries are a matter for your own insurance.',
  },
  {
    id: 'battery',
    title: 'How far an electric one goes',
    text: 'Full, it carries you some sixty kilometres on level ground and about half of that in the hills. Below ten percent the motor stops and the lights stay on. There is nothing to plug in: the crew swaps packs at night.',
  },
  {
    id: 'visitors',
    title: 'Hiring without a telephone',
    text: 'Every large station has a desk with a screen. It takes bank cards and notes, speaks six languages, and prints a slip with a code of four digits, which opens any bicycle of that station for the next ten minutes.',
  },
];

/** @returns undefined where there is none of that name */
export const articleNamed = (id: string): Article | undefined =>
  articles.find((article) => article.id === id);
